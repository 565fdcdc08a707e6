import * as z from "zod";
import { bareNumber } from "./bare-number.ts";
import type { TextCodec } from "./codec.ts";

/** A number where the whole text is a decimal one, else the text; white space around it is cut. */
export const text: TextCodec = {
  name: "text",
  about: "a bare number or word",
  reads: "text",
  options: "text",
  decode(payload) {
    const trimmed = payload.trim();
    return { ok: true, value: bareNumber(trimmed) ?? trimmed };
  },
  example: { payload: "-18.5", value: -18.5 },
};

/** What a profile may say of a text. */
export const textOptions = z
  .strictObject({
    numbers: z
      .boolean()
      .default(true)
      .describe("false for codes and versions: everything stays a text."),
  })
  .transform(({ numbers }): TextCodec => (numbers ? text : word));

const word: TextCodec = {
  ...text,
  decode: (payload) => ({ ok: true, value: payload.trim() }),
};
