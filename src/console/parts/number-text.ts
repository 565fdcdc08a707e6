/** Numbers as people read them. Pure. */

const grouped = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });

/** A whole number: `17,280`. */
export function countText(count: number): string {
  return grouped.format(count);
}

/** A rate: `24.0`, `4,300`; a rate that is small but there is never `0.0`. */
export function rateText(perS: number): string {
  if (perS === 0) return "0";
  if (Math.abs(perS) >= 100) return grouped.format(perS);
  const text = perS.toFixed(Math.abs(perS) < 1 ? 2 : 1);
  return Number(text) === 0 ? "< 0.01" : text;
}

/** A value of a device: as many digits as it has, up to six that count. */
export function valueText(value: number | boolean | string): string {
  if (typeof value !== "number") return String(value);
  if (!Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  if (size !== 0 && (size >= 1e9 || size < 1e-4)) return value.toExponential(3);
  return String(Number(value.toPrecision(6)));
}

/** A share from 0 to 1: `0.8 %`; what is there is never `0 %`, and what is left is never `100 %`. */
export function shareText(share: number): string {
  const percent = share * 100;
  if (percent > 0 && percent < 0.1) return "< 0.1 %";
  if (percent < 100 && percent > 99.9) return "> 99.9 %";
  return percent >= 10 || Number.isInteger(percent)
    ? `${percent.toFixed(0)} %`
    : `${percent.toFixed(1)} %`;
}

const units = ["B", "KiB", "MiB", "GiB", "TiB"] as const;

/** `4.1 MiB`. */
export function bytesText(bytes: number): string {
  let size = bytes;
  let step = 0;
  while (size >= 1_024 && step < units.length - 1) {
    size /= 1_024;
    step += 1;
  }
  return `${step === 0 || size >= 100 ? Math.round(size) : size.toFixed(1)} ${units[step]}`;
}
