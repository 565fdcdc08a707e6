/** Reads a message as the templates of a description do. */
import type { Decoded, TextCodec } from "../normalize/codecs/codec.ts";
import { json } from "../normalize/codecs/json.ts";
import { mostPayloadCharacters } from "./bounds.ts";
import { openMessage, type Template } from "./template/template.ts";
import { Failed, Pairs } from "./template/template-value.ts";

/** Gives what each template gives, in their order. */
export function templateCodec(templates: readonly Template[]): TextCodec {
  return {
    name: "template",
    about: "what a device says of itself",
    reads: "text",
    decode(text, receivedMs): Decoded {
      if (text.length > mostPayloadCharacters)
        return { ok: false, reason: `payload has more than ${mostPayloadCharacters} characters` };
      const decoded = json.decode(text, receivedMs);
      const message = openMessage(text, decoded.ok ? decoded.value : undefined);
      return { ok: true, value: templates.map((template) => presentable(template(message))) };
    },
    example: { payload: "", value: [] },
  };
}

/** What failed is shown as what it was to be made of, which then does not fit. */
function presentable(value: unknown): unknown {
  if (value instanceof Pairs) return { pairs: value.keys.length };
  if (!(value instanceof Failed)) return value;
  return value.found === undefined ? undefined : { failed: value.found };
}
