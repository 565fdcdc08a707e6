/**
 * The programs that may ask: one line each, `name:role:hash:end`. The hash is SHA-256 of the token, in
 * hex; the end is a time, or nothing. `#` begins a comment.
 */
import { createHash, randomBytes } from "node:crypto";
import { consoleRoles } from "../principal.ts";
import { isConsoleRole, type LineFault, problemOfUserName } from "./users-file.ts";
import type { ApiToken } from "./who-asks.ts";

const maxTokens = 1_000;
const secretBytes = 32;
/** Makes a token known as one of ours to whoever finds it in a place where it should not be. */
const front = "slg_";

export function parseTokensFile(text: string): {
  readonly tokens: readonly ApiToken[];
  readonly faults: readonly LineFault[];
} {
  const tokens = new Map<string, ApiToken>();
  const faults: LineFault[] = [];
  for (const [index, raw] of text.split("\n").entries()) {
    const written = raw.trim();
    if (written === "" || written.startsWith("#")) continue;
    const read = parseToken(written, tokens);
    if (typeof read === "string") faults.push({ line: index + 1, message: read });
    else tokens.set(read.name, read);
  }
  return { tokens: [...tokens.values()], faults };
}

/** A new token, and the hash to keep of it. */
export function makeToken(): { readonly token: string; readonly hash: string } {
  const token = front + randomBytes(secretBytes).toString("base64url");
  return { token, hash: createHash("sha256").update(token).digest("hex") };
}

/** The words never hold what is written behind the role. */
function parseToken(written: string, known: ReadonlyMap<string, ApiToken>): ApiToken | string {
  const [name = "", role = "", hash = "", ...rest] = written.split(":");
  const end = rest.join(":");
  const problem = problemOfUserName(name);
  if (problem !== undefined) return problem;
  if (!isConsoleRole(role)) return `the role of ${name} is none of ${consoleRoles.join(", ")}`;
  if (!/^[0-9a-f]{64}$/.test(hash)) return `the hash of ${name} is not as tokens add writes it`;
  const endMs = end === "" ? undefined : Date.parse(end);
  if (Number.isNaN(endMs)) return `the end of ${name} is no time; write 2027-01-31T00:00:00Z`;
  if (known.has(name)) return `${name} stands there twice`;
  if (known.size >= maxTokens) return `there are more than ${maxTokens} tokens`;
  return { name, role, hash: Buffer.from(hash, "hex"), endMs };
}
