import type { TextCodec } from "./codec.ts";

/** A number where the whole text is a decimal one, else the text; white space around it is cut. */
export const text: TextCodec = {
  name: "text",
  about: "a bare number or word",
  reads: "text",
  decode(payload) {
    const trimmed = payload.trim();
    const looksDecimal = /^[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?$/.test(trimmed);
    return { ok: true, value: looksDecimal ? Number(trimmed) : trimmed };
  },
  example: { payload: "-18.5", value: -18.5 },
};
