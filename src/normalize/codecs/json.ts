import type { Decoded, TextCodec } from "./codec.ts";
import { hasDoubts, readDoubtful } from "./json-doubts.ts";
import { withoutNoNumbers } from "./json-no-numbers.ts";

/** The engine's parser does not recurse; what is nested beyond reason is refused behind it. */
export const json: TextCodec = {
  name: "json",
  about: "JSON of any form",
  reads: "text",
  decode(text) {
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      return readBroken(text);
    }
    return hasDoubts(text, value) ? readDoubtful(text, value) : { ok: true, value };
  },
  example: { payload: '{"t":-18.5,"door":"shut"}', value: { t: -18.5, door: "shut" } },
};

function readBroken(text: string): Decoded {
  if (text === "") return { ok: false, reason: "payload is empty" };
  const mended = withoutNoNumbers(text);
  if (mended !== undefined) return json.decode(mended, 0);
  // Firmware that sends its whole buffer has an older text behind the end of this one.
  const end = text.indexOf("\0");
  const decoded = end > 0 ? json.decode(text.slice(0, end), 0) : undefined;
  if (!decoded?.ok) return { ok: false, reason: "payload is not JSON" };
  const misfits = [...(decoded.misfits ?? []), `${text.length - end} characters behind a NUL`];
  return { ...decoded, misfits };
}
