/** The password and ACL files of Mosquitto, read for users of our own. Nothing of a password is told. */
import { problemOfFilter } from "../../core/topic-filter.ts";
import { parsePasswordHash } from "./password.ts";

/** Something of such a file that cannot be carried over. */
export interface LineNote {
  readonly line: number;
  readonly text: string;
}

export interface ForeignPassword {
  readonly user: string;
  readonly hash: string;
  /** It is quick to guess. */
  readonly isWeak: boolean;
}

/** What a line of an ACL file gives, or takes away. */
export interface ForeignRight {
  readonly line: number;
  readonly access: "read" | "write" | "readwrite" | "deny";
  readonly topic: string;
}

export interface ForeignAcl {
  readonly byUser: ReadonlyMap<string, readonly ForeignRight[]>;
  /** Of `pattern` lines: everybody's. */
  readonly patterns: readonly ForeignRight[];
  readonly notes: readonly LineNote[];
}

/** Lines `user:hash`; comments and empty lines are passed over. */
export function readPasswordFile(text: string): {
  readonly passwords: readonly ForeignPassword[];
  readonly notes: readonly LineNote[];
} {
  const passwords: ForeignPassword[] = [];
  const notes: LineNote[] = [];
  const seen = new Set<string>();
  for (const [line, written] of linesOf(text)) {
    const colon = written.indexOf(":");
    const user = written.slice(0, Math.max(0, colon));
    const hash = written.slice(colon + 1);
    const problem = problemOfPassword(user, hash, seen);
    if (problem !== undefined) notes.push({ line, text: problem });
    else passwords.push({ user, hash, isWeak: hash.startsWith("$6$") });
    seen.add(user);
  }
  return { passwords, notes };
}

function problemOfPassword(user: string, hash: string, seen: ReadonlySet<string>) {
  if (user === "") return "is not user:hash";
  if (seen.has(user)) return `${user} is there twice; the first one counts`;
  if (parsePasswordHash(hash) !== undefined) return undefined;
  return hash.startsWith("$")
    ? `${user}: its hash is none of $6$ and $7$; give it a new password: users passwd ${user}`
    : `${user}: the password is not hashed; run mosquitto_passwd -U on a copy of the file first`;
}

const rightLine = /^(topic|pattern)\s+(?:(read|write|readwrite|deny)\s+)?(\S.*)$/;

/** Rights as Mosquitto 2 reads them; what stands before the first `user` is about nobody who has a name. */
export function readAclFile(text: string): ForeignAcl {
  const byUser = new Map<string, ForeignRight[]>();
  const patterns: ForeignRight[] = [];
  const notes: LineNote[] = [];
  let user: string | undefined;
  for (const [line, written] of linesOf(text)) {
    const named = /^user\s+(\S.*)$/.exec(written)?.[1];
    if (named !== undefined) {
      user = named;
      if (!byUser.has(user)) byUser.set(user, []);
      continue;
    }
    const [, kind, access = "readwrite", topic = ""] = rightLine.exec(written) ?? [];
    const right = { line, access: accessOf(access), topic };
    const problem = kind === undefined ? "is no line of an ACL file" : problemOfTopic(kind, topic);
    if (problem !== undefined) notes.push({ line, text: problem });
    else if (kind === "pattern") patterns.push(right);
    else if (user === undefined)
      notes.push({ line, text: "is about clients without a user, who are not let in here" });
    else byUser.get(user)?.push(right);
  }
  return { byUser, patterns, notes };
}

function accessOf(text: string): ForeignRight["access"] {
  return text === "read" || text === "write" || text === "deny" ? text : "readwrite";
}

function problemOfTopic(kind: string, topic: string): string | undefined {
  if (topic.startsWith("$"))
    return "topics that begin with $ belong to the broker here; bridges may say how they are all the same";
  if (kind === "pattern" && topic.split("/").some((level) => /.%[uc]|%[uc]./.test(level)))
    return "%u and %c stand alone between slashes here";
  return problemOfFilter(topic);
}

/** Numbered from 1; a line that begins with `#` is a comment. The mark that some editors begin with is of none. */
function* linesOf(text: string): Generator<readonly [number, string]> {
  for (const [at, written] of text
    .replace(/^\uFEFF/, "")
    .split(/\r?\n/)
    .entries()) {
    const line = written.trimEnd();
    if (line !== "" && !line.startsWith("#")) yield [at + 1, line];
  }
}
