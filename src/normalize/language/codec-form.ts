/** The fields of a profile that say how bytes are read: of the message, and of what is inside it. */
import * as z from "zod";
import { codecNamed, codecOptions, codecs } from "../codecs.ts";
import { encodings } from "../open.ts";
import { text } from "./form-parts.ts";

const codecName = z
  .enum(codecs.map(({ name }) => name))
  .default(codecs[0].name)
  .transform(codecNamed);

/** `codec`, and the fields beside it that say how it reads. */
export const codecFields = {
  codec: codecName.describe("How the bytes of a message are read."),
  ...codecOptions,
};

/** One entry of `open`. */
export const openForm = z.strictObject({
  path: text.describe("Where the text is; what is in it takes its place."),
  encoding: z.enum(encodings).default("text").describe("How the text holds the bytes."),
  codec: codecName.describe("How these bytes are read."),
  ...codecOptions,
});

/** How a message is read, or what is inside it, before it is known whether the fields fit. */
export type CodecForm = Pick<z.output<typeof openForm>, "codec" | keyof typeof codecOptions>;
