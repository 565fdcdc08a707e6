/** The one way into a bundle: every part goes through it. */
import { homedir } from "node:os";
import { maskSecrets } from "../../core/mask-secrets.ts";

const covered = "***";
/** A key, a seed or a token of whatever kind, by how it looks. */
const patterns: readonly RegExp[] = [
  /-----BEGIN [A-Z0-9 ]*(?:PRIVATE KEY|SEED|JWT)-----[\s\S]*?(?:-----END [A-Z0-9 ]*-----|$)/g,
  /\beyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?/g,
  /\bS[UANCOXP][A-Z2-7]{40,}\b/g,
  /\$(?:2[aby]|6|7|argon2\w*|scrypt|pbkdf2[\w-]*)\$[^\s"',]+/g,
];

export type Redact = (text: string) => string;

/** Covers what is known, in every way in which it may be written, then what looks like a secret. */
export function redactor(known: ReadonlySet<string>): Redact {
  const forms = new Set(Array.from(known).flatMap(formsOf));
  const longestFirst = [...forms].sort((one, other) => other.length - one.length);
  const home = homedir();
  return (text) => {
    let left = text;
    for (const form of longestFirst) left = left.replaceAll(form, covered);
    for (const pattern of patterns) left = left.replace(pattern, covered);
    if (home.length > 1) left = left.replaceAll(home, "~");
    return maskSecrets(left);
  };
}

function formsOf(secret: string): readonly string[] {
  return [
    secret,
    encodeURIComponent(secret),
    JSON.stringify(secret).slice(1, -1),
    Buffer.from(secret).toString("base64").replace(/=+$/, ""),
    Buffer.from(secret).toString("base64url"),
    Buffer.from(secret).toString("hex"),
  ];
}
