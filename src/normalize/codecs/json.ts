import type { TextCodec } from "./codec.ts";

/** Has no bound for depth: the engine's parser does not recurse. */
export const json: TextCodec = {
  name: "json",
  about: "JSON of any form",
  reads: "text",
  decode(text) {
    try {
      return { ok: true, value: JSON.parse(text) };
    } catch {
      return { ok: false, reason: text === "" ? "payload is empty" : "payload is not JSON" };
    }
  },
  example: { payload: '{"t":-18.5,"door":"shut"}', value: { t: -18.5, door: "shut" } },
};
