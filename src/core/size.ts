/** Sizes as people write them: `512`, `64KiB`, `2GiB`, `500MB`. */

const unitBytes: Readonly<Record<string, number>> = {
  "": 1,
  B: 1,
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
  TiB: 2 ** 40,
};

/** Says how a size is written; for messages to people. */
export const sizeHint = "write a number of bytes or use KiB, MiB, GiB, such as 64MiB";

/** The bytes of `64MiB`; undefined when the text is not a size. */
export function parseSize(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)\s*([KMGT]?i?B?)$/.exec(text.trim());
  const unit = match?.[2];
  if (!match || unit === undefined || !(unit in unitBytes)) return undefined;
  const bytes = Math.round(Number(match[1]) * (unitBytes[unit] ?? Number.NaN));
  return Number.isSafeInteger(bytes) ? bytes : undefined;
}

/** `4299161` as `4.1 MiB`. */
export function formatSize(bytes: number): string {
  let value = bytes;
  for (const unit of ["B", "KiB", "MiB", "GiB"]) {
    if (value < 1024) return `${unit === "B" ? value : value.toFixed(1)} ${unit}`;
    value /= 1024;
  }
  return `${value.toFixed(1)} TiB`;
}
