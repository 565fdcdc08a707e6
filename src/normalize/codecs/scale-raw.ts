/** Scales what bytes hold so that decimal factors give decimal values: 5 thousandths are 0.005. */
export function scaleRaw(value: number, scale: number, offset: number): number {
  if (scale === 1 && offset === 0) return value;
  const inverse = Math.round(1 / scale);
  const product = inverse !== 0 && 1 / inverse === scale ? value / inverse : value * scale;
  const sum = product + offset;
  return Math.abs(sum) < 1e6 ? Math.round(sum * 1e9) / 1e9 : sum;
}
