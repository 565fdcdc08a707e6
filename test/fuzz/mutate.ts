/** Payloads that are nearly right: what a device sends, damaged as firmwares and networks damage it. */
import type { Random } from "../../src/core/retry.ts";

/** What harms readers of values: at the edges of numbers, texts, times and names. */
const oddValues: readonly unknown[] = [
  null,
  true,
  1e308,
  -1e308,
  1e-320,
  0,
  -0,
  2 ** 60,
  "",
  "nan",
  "-inf",
  "unavailable",
  "\ud800",
  "\0",
  "x".repeat(5_000),
  [],
  {},
  [[]],
  { a: { b: 1 } },
  "2026-02-30T00:00:00Z",
  "9999-12-31T23:59:60Z",
  "0099-01-01T00:00:00Z",
  -1,
  1e21,
  "__proto__",
  "constructor",
  8.64e15,
  253_402_300_799_999,
  "0012",
  "12,5",
  "3.276 V",
];

const oddKeys = ["__proto__", "constructor", "toString", "", "a.b", "\u0001", "k".repeat(200)];

const oddTexts = [
  "1e999",
  "-",
  "NaN",
  "{",
  "]",
  '"',
  ",",
  "\\",
  "\\u0000",
  "\0",
  "\n",
  "99999999999999999999",
  '"__proto__":',
];

/** A value with some of its parts replaced, left out or renamed. */
export function mutateValue(value: unknown, random: Random): unknown {
  if (random() < 0.1) return pick(oddValues, random);
  if (Array.isArray(value)) return value.map((member) => mutateValue(member, random));
  if (typeof value !== "object" || value === null) return value;
  const kept = Object.entries(value).filter(() => random() > 0.05);
  return Object.fromEntries(
    kept.map(([key, member]) => [
      random() < 0.05 ? pick(oddKeys, random) : key,
      mutateValue(member, random),
    ]),
  );
}

/** Bytes with some of them changed, cut, doubled, or with something else among them. */
export function mutateBytes(bytes: Uint8Array, random: Random): Uint8Array {
  const place = (): number => Math.floor(random() * (bytes.length + 1));
  const [from = 0, to = 0] = [place(), place()].sort((one, other) => one - other);
  const [before, between, behind] = [
    bytes.subarray(0, from),
    bytes.subarray(from, to),
    bytes.subarray(to),
  ];
  switch (Math.floor(random() * 6)) {
    case 0:
      return before;
    case 1:
      return Buffer.concat([before, behind]);
    case 2:
      return Buffer.concat([before, between, between, behind]);
    case 3:
      return Buffer.concat([before, Buffer.from(pick(oddTexts, random)), bytes.subarray(from)]);
    case 4: {
      const changed = Uint8Array.from(bytes);
      changed[from] = Math.floor(random() * 256);
      return changed;
    }
    default:
      return Buffer.concat([
        before,
        Buffer.alloc(Math.floor(random() * 2_000), bytes[from] ?? 0),
        behind,
      ]);
  }
}

/** A topic with some of its levels replaced. */
export function mutateTopic(topic: string, random: Random): string {
  const levels = topic.split("/");
  return levels
    .map((level) =>
      random() < 0.3 ? pick([...oddKeys, "=", "é", "😀".repeat(128)], random) : level,
    )
    .join("/");
}

export function pick<T>(list: readonly T[], random: Random): T {
  const found = list[Math.floor(random() * list.length)];
  if (found === undefined) throw new Error("there is nothing to pick from");
  return found;
}
