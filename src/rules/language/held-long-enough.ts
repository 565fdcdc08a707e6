/**
 * True where a value that counts for `holdMs` can keep a breach going for `forMs`. `intervalsMs` are
 * those of the devices that the rule is about; undefined for one that reports on change.
 */
export function isHeldLongEnough(
  forMs: number,
  holdMs: number | undefined,
  intervalsMs: readonly (number | undefined)[],
): boolean {
  if (holdMs === undefined || forMs <= holdMs) return true;
  return intervalsMs.some((intervalMs) => intervalMs !== undefined && intervalMs <= holdMs);
}
