/** What the lines of an ACL file come to for one user of ours. */
import type { ForeignAcl, ForeignRight, LineNote } from "./mosquitto-files.ts";

export interface CarriedRights {
  readonly publish: readonly string[];
  readonly subscribe: readonly string[];
  /** Lines that take away what others give: there is nothing of that kind here. */
  readonly denied: readonly LineNote[];
}

/** Of its own lines, and of those that are everybody's. */
export function carriedRights(user: string, { byUser, patterns }: ForeignAcl): CarriedRights {
  const rights = [...(byUser.get(user) ?? []), ...patterns];
  const named = rights.map((right) => ({ ...right, topic: withName(right.topic, user) }));
  const giving = (wanted: ForeignRight["access"]): string[] => [
    ...new Set(
      named.flatMap(({ access, topic }) =>
        access === wanted || access === "readwrite" ? [topic] : [],
      ),
    ),
  ];
  const [publish, subscribe] = [giving("write"), giving("read")];
  const denied = named.flatMap(({ access, line, topic }) => {
    const given = [...publish, ...subscribe].find((filter) => overlaps(filter, topic));
    if (access !== "deny" || given === undefined) return [];
    return [{ line, text: `${user} is denied ${topic}, and has it by ${given}` }];
  });
  return { publish, subscribe, denied };
}

/** The name where it is one level; what is not is filled in at each login, which gives it nothing. */
function withName(topic: string, user: string): string {
  if (/[/+#]|^%[uc]$/.test(user)) return topic;
  return topic
    .split("/")
    .map((level) => (level === "%u" ? user : level))
    .join("/");
}

/** True when some topic may be named by both; a placeholder is any level. */
function overlaps(one: string, other: string): boolean {
  const levels = (filter: string): string[] =>
    filter.split("/").map((level) => (level === "%c" || level === "%u" ? "+" : level));
  const [a, b] = [levels(one), levels(other)];
  for (let at = 0; at < Math.max(a.length, b.length); at += 1) {
    const [left, right] = [a[at], b[at]];
    if (left === "#" || right === "#") return true;
    if (left === undefined || right === undefined) return false;
    if (left !== right && left !== "+" && right !== "+") return false;
  }
  return true;
}
