/** The device's side of Modbus, for tests: tables of numbers, and what it refuses. */

export type Tables = Partial<
  Record<"coil" | "discrete" | "holding" | "input", Map<number, number>>
>;

export interface PlayedDevice {
  readonly tables: Tables;
  /** More registers at once are exception 2. */
  readonly mostRegisters?: number;
  /** Answers nothing. */
  dead?: boolean;
  /** Says nothing where it should refuse. */
  isSilentTo?: (pdu: Buffer) => boolean;
  /** Answers each request with this exception. */
  exception?: number;
}

const tableOf = { 1: "coil", 2: "discrete", 3: "holding", 4: "input" } as const;

/** Registers from an address on. */
export function registers(at: number, ...values: number[]): Map<number, number> {
  return new Map(values.map((value, index) => [at + index, value]));
}

/** The answer to a request without unit and checksum. */
export function answerOf(device: PlayedDevice, pdu: Buffer): Buffer {
  const code = pdu[0] ?? 0;
  const at = pdu.readUInt16BE(1);
  const refuse = (exception: number): Buffer => Buffer.from([code | 0x80, exception]);
  if (device.exception !== undefined) return refuse(device.exception);
  const value = pdu.readUInt16BE(3);
  if (code === 1 || code === 2 || code === 3 || code === 4) {
    const table = device.tables[tableOf[code]];
    const held = Array.from({ length: value }, (_, index) => table?.get(at + index));
    if (held.includes(undefined) || value > (device.mostRegisters ?? 125)) return refuse(2);
    if (code > 2)
      return Buffer.from([code, value * 2, ...held.flatMap((one = 0) => [one >> 8, one & 255])]);
    const bytes = Buffer.alloc(Math.ceil(value / 8));
    for (const [index, one] of held.entries())
      if (one === 1) bytes[index >> 3] = (bytes[index >> 3] ?? 0) | (1 << (index & 7));
    return Buffer.from([code, bytes.length, ...bytes]);
  }
  const table = device.tables[code === 5 || code === 15 ? "coil" : "holding"];
  const count = code === 5 || code === 6 ? 1 : value;
  for (let index = 0; index < count; index += 1) {
    if (table?.has(at + index) !== true) return refuse(2);
    const bits = pdu[6 + (index >> 3)] ?? 0;
    if (code === 5) table.set(at, value === 0xff00 ? 1 : 0);
    else if (code === 6) table.set(at, value);
    else if (code === 15) table.set(at + index, (bits >> (index & 7)) & 1);
    else table.set(at + index, pdu.readUInt16BE(6 + index * 2));
  }
  return pdu.subarray(0, 5);
}
