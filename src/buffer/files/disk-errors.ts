/** What a failed call to the disk means. */
import { GatewayError } from "../../core/errors.ts";
import { systemCode } from "../../core/system-reason.ts";

/** True when the volume or the quota is used up: the file itself is fine. */
export function isFull(thrown: unknown): boolean {
  const code = systemCode(thrown);
  return code === "ENOSPC" || code === "EDQUOT";
}

/** True when the medium does not give what is on it. */
export function isUnreadable(thrown: unknown): boolean {
  return systemCode(thrown) === "EIO";
}

/** True for a folder that has the name of a file. */
export function isFolder(thrown: unknown): boolean {
  return systemCode(thrown) === "EISDIR";
}

export function isMissing(thrown: unknown): boolean {
  return systemCode(thrown) === "ENOENT";
}

/** True when the volume takes no changes: mounted so, or switched so by the system after errors. */
export function isReadOnly(thrown: unknown): boolean {
  return systemCode(thrown) === "EROFS";
}

/** The failure of a folder that cannot be used at all, with what to do where that is known. */
export function folderError(thrown: unknown, folder: string): GatewayError {
  const code = systemCode(thrown);
  if (code === "EACCES" || code === "EPERM")
    return new GatewayError(
      "buffer.denied",
      `cannot use ${folder}: permission denied; run sluicegate as the folder's owner, ` +
        `or make its user the owner (chown -R <user> ${folder})`,
      { cause: thrown },
    );
  return GatewayError.from(thrown, "buffer.io", `cannot use ${folder}`);
}
