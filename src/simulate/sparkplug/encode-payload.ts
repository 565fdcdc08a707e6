/** Payloads of Sparkplug B as a node makes them. */

/** Types that these nodes have, by their numbers in the format. */
export const types = { Int32: 3, Int64: 4, Float: 9, Double: 10, Boolean: 11, String: 12 } as const;

export interface SentMetric {
  /** Absent where the alias says it. */
  readonly name?: string;
  readonly alias?: number;
  readonly type?: keyof typeof types;
  /** Null is said as null. */
  readonly value: number | boolean | string | null;
  readonly timeMs?: number;
  readonly isHistorical?: boolean;
  /** Said of it at its birth. */
  readonly unit?: string;
  /** 0, 192 or 500. */
  readonly quality?: number;
}

export interface SentPayload {
  readonly timeMs: number;
  readonly seq?: number;
  readonly metrics: readonly SentMetric[];
}

export function encodePayload({ metrics, seq, timeMs }: SentPayload): Buffer {
  return Buffer.concat([
    number(1, timeMs),
    ...metrics.map((metric) => bytes(2, encodeMetric(metric))),
    ...(seq === undefined ? [] : [number(3, seq)]),
  ]);
}

function encodeMetric(metric: SentMetric): Buffer {
  const { alias, isHistorical, name, quality, timeMs, type, unit, value } = metric;
  const properties = [
    ...(unit === undefined ? [] : [["engUnit", text(8, unit), types.String] as const]),
    ...(quality === undefined ? [] : [["Quality", number(3, quality), types.Int32] as const]),
  ];
  return Buffer.concat([
    ...(name === undefined ? [] : [text(1, name)]),
    ...(alias === undefined ? [] : [number(2, alias)]),
    ...(timeMs === undefined ? [] : [number(3, timeMs)]),
    ...(type === undefined ? [] : [number(4, types[type])]),
    ...(isHistorical ? [number(5, 1)] : []),
    ...(value === null ? [number(7, 1)] : []),
    ...(properties.length === 0
      ? []
      : [
          bytes(
            9,
            Buffer.concat([
              ...properties.map(([key]) => text(1, key)),
              ...properties.map(([, one, code]) => bytes(2, Buffer.concat([number(1, code), one]))),
            ]),
          ),
        ]),
    ...(value === null ? [] : [encodeValue(value, type)]),
  ]);
}

function encodeValue(value: number | boolean | string, type: SentMetric["type"]): Buffer {
  if (typeof value === "boolean") return number(14, value ? 1 : 0);
  if (typeof value === "string") return text(15, value);
  if (type === "Int32") return number(10, value < 0 ? value + 2 ** 32 : value);
  if (type === "Int64") return number(11, BigInt.asUintN(64, BigInt(value)));
  const room = Buffer.alloc(type === "Float" ? 4 : 8);
  if (type === "Float") room.writeFloatLE(value);
  else room.writeDoubleLE(value);
  return Buffer.concat([type === "Float" ? tag(12, 5) : tag(13, 1), room]);
}

function number(field: number, value: number | bigint): Buffer {
  return Buffer.concat([tag(field, 0), varint(BigInt(value))]);
}

function text(field: number, value: string): Buffer {
  return bytes(field, Buffer.from(value));
}

function bytes(field: number, value: Buffer): Buffer {
  return Buffer.concat([tag(field, 2), varint(BigInt(value.length)), value]);
}

function tag(field: number, wireType: number): Buffer {
  return varint(BigInt(field * 8 + wireType));
}

function varint(value: bigint): Buffer {
  const found: number[] = [];
  let rest = value;
  for (; rest > 0x7fn; rest >>= 7n) found.push(Number(rest & 0x7fn) | 0x80);
  return Buffer.from([...found, Number(rest)]);
}
