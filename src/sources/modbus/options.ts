/** What the configuration may say about Modbus devices. */
import * as z from "zod";
import { isId } from "../../core/ids.ts";
import { durationWithin } from "../../schema/bounded.ts";
import { checkLine, lineFields } from "../lines/options.ts";
import { parseModbusTcp } from "./modbus-tcp-address.ts";

/** A duration as text; the parsed value is milliseconds. */
function duration(minMs: number, maxMs: number) {
  return z.string().transform(durationWithin(minMs, maxMs));
}

const member = z.strictObject({
  device: z
    .string()
    .refine(isId, "an id is 1 to 128 characters without control characters")
    .describe("Its id; an entry of devices says which profile it has."),
  address: z
    .number()
    .int()
    .min(0)
    .max(255)
    .describe("Its address on the bus, 1 to 247; behind a Modbus TCP gateway, its unit id."),
});

const path = z
  .string()
  .max(1_024)
  .superRefine((text, context) => {
    const isTcp = text.startsWith("modbus-tcp://");
    const parsed = isTcp
      ? parseModbusTcp(text) !== undefined
      : lineFields.path.safeParse(text).success;
    if (!parsed)
      context.addIssue({
        code: "custom",
        message:
          "is no line; write a path such as /dev/serial/by-id/usb-..., tcp://host:port for a serial server, or modbus-tcp://host:502",
      });
  });

/** `sources[]` with `kind: modbus`: devices on a bus, which are asked. */
export const modbusOptions = z
  .strictObject({
    kind: z
      .literal("modbus")
      .describe("Modbus devices on a line or behind a gateway, which are asked."),
    name: z
      .string()
      .regex(/^[A-Za-z0-9][A-Za-z0-9_.:-]{0,63}$/, "a name has letters, digits and . _ : -")
      .optional()
      .describe("The name of the bus in addresses of messages; the last part of path if left out."),
    ...lineFields,
    path: path
      .optional()
      .describe(
        "The port: best a path below /dev/serial/by-id, which stays the same; tcp://host:port for a line behind a serial server; modbus-tcp://host:502 for Modbus TCP.",
      ),
    mode: z
      .enum(["rtu", "ascii"])
      .default("rtu")
      .describe(
        "How frames are written on a line: as bytes, or as ASCII, which is mostly spoken with data_bits: 7 and parity: even.",
      ),
    members: z.array(member).min(1).max(250).describe("The devices, and their addresses."),
    timeout: duration(50, 60_000)
      .prefault("1s")
      .describe(
        "How long a device may take to answer, beside the time on the line (50ms to 60s; ms once parsed). Longer than the slowest ever takes.",
      ),
    tries: z
      .number()
      .int()
      .min(1)
      .max(5)
      .default(2)
      .describe("How often a block is asked for before it has failed (1 to 5)."),
    pause: duration(0, 10_000)
      .prefault("0ms")
      .describe(
        "A rest between requests beside the silence of the standard, for devices that need it (0ms to 10s; ms once parsed).",
      ),
    warm_up: duration(0, 60_000)
      .prefault("0ms")
      .describe(
        "A rest behind opening the line, before the first request: some inverters and their sticks swallow what comes earlier and want 1s to 2s (0ms to 60s; ms once parsed).",
      ),
    dead_every: duration(1_000, 3_600_000)
      .prefault("30s")
      .describe(
        "A device that does not answer is asked less and less often, but at least so often (1s to 1h; ms once parsed).",
      ),
    under_way: z
      .number()
      .int()
      .min(1)
      .max(16)
      .default(1)
      .describe("Modbus TCP: so many requests may be under way at once (1 to 16)."),
  })
  .superRefine((options, context) => {
    checkLine(options, context);
    const fault = (path: (string | number)[], message: string): void =>
      context.addIssue({ code: "custom", message, path });
    const isTcp = options.path?.startsWith("modbus-tcp://") === true;
    if (!isTcp && options.under_way > 1)
      fault(["under_way"], "a line carries one request at a time; take this away");
    if (isTcp && options.mode === "ascii")
      fault(["mode"], "is for lines: Modbus TCP has frames of its own; take this away");
    if (!isTcp && options.mode === "rtu" && options.data_bits < 8)
      fault(["data_bits"], "is 8 where frames are bytes; 7 is for mode: ascii");
    const devices = new Set<string>();
    const addresses = new Set<number>();
    for (const [at, { address, device }] of options.members.entries()) {
      if (devices.has(device)) fault(["members", at, "device"], `${device} stands here twice`);
      if (addresses.has(address))
        fault(["members", at, "address"], `an earlier device has the address ${address}, too`);
      if (!isTcp && address === 0)
        fault(["members", at, "address"], "0 means all devices at once, and none answers");
      devices.add(device);
      addresses.add(address);
    }
  });

/** The parsed form of a `modbus` source. */
export type ModbusOptions = z.output<typeof modbusOptions>;
