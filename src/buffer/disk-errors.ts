/** What a failed call to the disk means. */

/** The system's name of the failure (`EIO`, `ENOSPC`, ...); empty when it has none. */
export function diskErrorCode(thrown: unknown): string {
  if (!(thrown instanceof Error) || !("code" in thrown)) return "";
  return typeof thrown.code === "string" ? thrown.code : "";
}

/** True when the volume or the quota is used up: the file itself is fine. */
export function isFull(thrown: unknown): boolean {
  const code = diskErrorCode(thrown);
  return code === "ENOSPC" || code === "EDQUOT";
}

export function isMissing(thrown: unknown): boolean {
  return diskErrorCode(thrown) === "ENOENT";
}
