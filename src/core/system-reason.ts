import { GatewayError } from "./errors.ts";

/** What the system's refusals mean, in words; the system's own name of each stays beside them. */
const words: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EEXIST: "a file is in its place",
  EFBIG: "the file is too large",
  EISDIR: "it is a folder, not a file",
  ELOOP: "its links lead in a circle",
  ENAMETOOLONG: "the name is too long",
  ENOENT: "there is no such file",
  ENOSPC: "the disk is full",
  ENOTDIR: "a part of the path is a file, not a folder",
  EPERM: "the system does not permit it",
  EROFS: "the volume is read-only",
  ERR_MODULE_NOT_FOUND: "the program was replaced since this process began: start it again",
};

const said = new Set(Object.entries(words).map(([code, meaning]) => `${meaning} (${code})`));
const longestSaid = Math.max(...Array.from(said, (reason) => reason.length));

/** True where `text` has such words at a place: they are no secret, whatever stands in front. */
export function isSystemReason(text: string, at: number): boolean {
  const ahead = text.slice(at, at + longestSaid);
  return said.has(ahead.slice(0, ahead.indexOf(")") + 1));
}

/** The system's name of a failure, such as `ENOENT`; undefined when it has none. A code of ours is none. */
export function systemCode(thrown: unknown): string | undefined {
  if (thrown instanceof GatewayError || !(thrown instanceof Error) || !("code" in thrown))
    return undefined;
  return typeof thrown.code === "string" ? thrown.code : undefined;
}

/** `permission denied (EACCES)`; the failure's own message where the system has no name for it. */
export function systemReason(thrown: unknown): string {
  const code = systemCode(thrown);
  if (code !== undefined) return words[code] === undefined ? code : `${words[code]} (${code})`;
  return thrown instanceof Error ? thrown.message : String(thrown);
}
