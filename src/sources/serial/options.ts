/** What the configuration may say about a serial source. */
import * as z from "zod";
import { isId, toDeviceId } from "../../core/ids.ts";
import { durationWithin, sizeWithin } from "../../schema/bounded.ts";
import { checkLine, lineFields } from "../lines/options.ts";
import { faultOfFraming } from "./framing-faults.ts";
import { checksumOptions, framingOptions, someBytes } from "./framing-options.ts";

function size(minBytes: number, maxBytes: number) {
  return z.union([z.string(), z.number()]).transform(sizeWithin(minBytes, maxBytes));
}

/** `sources[]` with `kind: serial`: devices speak over a line, and the gateway listens. */
export const serialOptions = z
  .strictObject({
    kind: z.literal("serial").describe("A line: a serial port, or a serial server over TCP."),
    name: z
      .string()
      .regex(/^[^/+#\s\0]{1,128}$/, "a name is one word without /, + and #")
      .optional()
      .describe(
        "What the line is called: its messages are on serial/<name>. The last part of path if left out.",
      ),
    ...lineFields,
    device: z
      .string()
      .refine(isId, "an id is 1 to 128 characters without control characters")
      .transform(toDeviceId)
      .optional()
      .describe("The device at the other end. Left out where the frames say whose they are."),
    framing: framingOptions,
    checksum: checksumOptions
      .optional()
      .describe("The checksum in each frame; a frame that does not fit it is damaged."),
    poll: z
      .strictObject({
        send: someBytes.describe("The bytes to send, as they are."),
        every: z
          .string()
          .transform(durationWithin(100, 86_400_000))
          .describe("How often (100ms to 1d; ms once parsed)."),
      })
      .optional()
      .describe("For devices that speak only when they are asked."),
    limits: z
      .strictObject({
        max_frame: size(8, 65_536)
          .prefault("4KiB")
          .describe("A longer frame is damaged (8B to 64KiB; bytes once parsed)."),
        in_flight_bytes: size(65_536, 2 ** 30)
          .prefault("4MiB")
          .describe(
            "What may wait for the disk before nothing more is read (64KiB to 1GiB; bytes once parsed).",
          ),
      })
      .prefault({})
      .describe("Bounds on what a line can cost."),
  })
  .superRefine((options, context) => {
    checkLine(options, context);
    const fault = faultOfFraming(options);
    if (fault !== undefined) context.addIssue({ code: "custom", ...fault });
  });

/** The parsed form of a `serial` source. */
export type SerialOptions = z.output<typeof serialOptions>;
