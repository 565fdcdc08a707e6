/** What the configuration may say about a line: the same for all kinds that speak over one. */
import * as z from "zod";
import { parseTcpAddress } from "./tcp-address.ts";

const path = z
  .string()
  .min(1)
  .max(1_024)
  .superRefine((text, context) => {
    if (text.startsWith("/") && !text.includes("\0")) return;
    if (text.startsWith("tcp://") && parseTcpAddress(text) !== undefined) return;
    context.addIssue({
      code: "custom",
      message:
        "is no port; write a path such as /dev/serial/by-id/usb-..., or tcp://host:port for a serial server",
    });
  });

/** As the system tells it, four hexadecimal digits. */
const usbId = z
  .string()
  .regex(/^(?:0[xX])?[0-9a-fA-F]{4}$/, 'is four hexadecimal digits in quotes, such as "0403"')
  .transform((text) => text.slice(-4).toLowerCase());

const match = z
  .strictObject({
    vendor: usbId.optional().describe("Vendor of the USB device, four hexadecimal digits."),
    product: usbId.optional().describe("Product of the vendor, four hexadecimal digits."),
    serial_number: z
      .string()
      .min(1)
      .max(256)
      .optional()
      .describe("Serial number of the USB device."),
  })
  .refine(({ vendor, serial_number }) => vendor !== undefined || serial_number !== undefined, {
    message: "needs vendor or serial_number",
  });

/** Fields for the options of a kind; `checkLine` belongs to them. */
export const lineFields = {
  path: path
    .optional()
    .describe(
      "The port: best a path below /dev/serial/by-id, which stays the same; or tcp://host:port, a serial server that carries raw bytes (ser2net, ESPHome).",
    ),
  match: match
    .optional()
    .describe("In place of path: the one USB port with these, wherever it is plugged in."),
  baud: z
    .number()
    .int()
    .min(50)
    .max(12_000_000)
    .default(9_600)
    .describe("Bits per second, as the device has it (50 to 12000000)."),
  data_bits: z.literal([5, 6, 7, 8]).default(8).describe("Bits of a byte."),
  parity: z
    .enum(["none", "even", "odd", "mark", "space"])
    .default("none")
    .describe("The bit behind them. It is checked where data_bits are 7 or fewer."),
  stop_bits: z.literal([1, 2]).default(1).describe("Stop bits."),
  flow: z
    .enum(["none", "rts-cts", "xon-xoff"])
    .default("none")
    .describe("How the device holds us back: by lines of its own, or by the bytes 0x11 and 0x13."),
  rts: z.boolean().optional().describe("The line RTS once the port is open; true if left out."),
  dtr: z.boolean().optional().describe("The line DTR once the port is open; true if left out."),
  rs485: z
    .enum(["rts-high", "rts-low"])
    .optional()
    .describe(
      "RTS switches an RS-485 adapter to sending, by this level. Only where neither adapter nor driver does it.",
    ),
};

const lineOptions = z.strictObject(lineFields);

/** How a line is opened. */
export type LineOptions = z.output<typeof lineOptions>;

/** What is wrong between the fields of a line; for the `superRefine` of a kind's options. */
export function checkLine(
  line: Partial<LineOptions>,
  context: { addIssue(issue: { code: "custom"; message: string; path?: string[] }): void },
): void {
  const fault = (field: string, message: string): void =>
    context.addIssue({ code: "custom", message, path: [field] });
  if ((line.path === undefined) === (line.match === undefined))
    fault("path", "write either path or match");
  if (line.parity === "space" && line.data_bits === 8)
    fault("parity", "space is to be had with at most 7 data bits");
  if (line.rs485 !== undefined && line.flow === "rts-cts")
    fault("rs485", "RTS cannot both switch the direction and hold back (flow: rts-cts)");
  if (line.rs485 !== undefined && line.rts !== undefined)
    fault("rts", "is set by rs485 where that is written");
}

/** Options from their fields alone, for what is no source; what is wrong with them is a text. */
export function parseLineOptions(fields: z.input<typeof lineOptions>): LineOptions | string {
  const parsed = lineOptions.superRefine(checkLine).safeParse(fields);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  return issue === undefined ? "" : `${issue.path.join(".")}: ${issue.message}`;
}
