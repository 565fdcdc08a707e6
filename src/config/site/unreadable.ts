import type { Fault } from "../../core/fault.ts";
import { systemCode, systemReason } from "../../core/system-reason.ts";

/** What is said of a file or folder, with its name. */
export type SaidOfFile = Pick<Fault, "hint" | "message" | "names">;

/** Why a file cannot be read; `thrown` is the system's error. */
export function unreadable(file: string, thrown: unknown): SaidOfFile {
  return { message: `cannot read ${file}: ${systemReason(thrown)}`, names: [file] };
}

/** Why what is in a folder cannot be known, and what makes one that is not there. */
export function unlistable(folder: string, thrown: unknown): SaidOfFile {
  return {
    message: `cannot list the folder ${folder}: ${systemReason(thrown)}`,
    names: [folder],
    ...(systemCode(thrown) === "ENOENT" && { hint: `make it: mkdir -p ${folder}` }),
  };
}
