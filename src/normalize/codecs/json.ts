import type { Decoded, TextCodec } from "./codec.ts";
import { hasDoubts, readDoubtful } from "./json-doubts.ts";
import { withoutNoNumbers } from "./json-no-numbers.ts";

/** Has no bound for depth: the engine's parser does not recurse. */
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
    return hasDoubts(text, value) ? readDoubtful(text) : { ok: true, value };
  },
  example: { payload: '{"t":-18.5,"door":"shut"}', value: { t: -18.5, door: "shut" } },
};

function readBroken(text: string): Decoded {
  const mended = withoutNoNumbers(text);
  if (mended !== undefined) return json.decode(mended, 0);
  return { ok: false, reason: text === "" ? "payload is empty" : "payload is not JSON" };
}
