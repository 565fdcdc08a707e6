/** The members of a message that are events of their own: readings of a list, devices of a map. */
import type { Misfit } from "./misfit.ts";
import { type Path, readPath } from "./paths/path.ts";
import type { EachMapping } from "./profile.ts";
import type { Captures } from "./topics/topic-template.ts";

/** One member, and where it stands. */
export interface Member {
  readonly value: unknown;
  /** Words of the topic, and what the keys on the way to the member are called. */
  readonly words: Captures;
  /** As a path of the message. */
  readonly place: string;
}

/** What has more in one message is no message of a device. */
const mostMembers = 1_024;

/**
 * Every member in the order of the message; none where the paths lead to no list and no map. What is
 * null is no member.
 */
export function findMembers(
  each: readonly EachMapping[],
  root: unknown,
  words: Captures,
): readonly Member[] | Misfit {
  let members: readonly Member[] = [{ value: root, words, place: "" }];
  for (const mapping of each) {
    const inner: Member[] = [];
    for (const member of members) {
      addInner(mapping, member, inner);
      if (inner.length > mostMembers)
        return {
          code: "undecodable",
          reason: `${mapping.paths[0].text} has more than ${mostMembers} members in one message`,
        };
    }
    members = inner;
  }
  return members;
}

function addInner(mapping: EachMapping, outer: Member, inner: Member[]): void {
  for (const path of mapping.paths) {
    const found = readPath(path, outer.value);
    if (typeof found === "object" && found !== null) {
      addFound(mapping, path, found, outer, inner);
      return;
    }
  }
}

function addFound(
  { isWhole, key: word }: EachMapping,
  path: Path,
  found: object,
  outer: Member,
  inner: Member[],
): void {
  const way = outer.place === "" ? path.text : `${outer.place}.${path.text}`;
  if (isWhole) {
    inner.push({ value: found, words: outer.words, place: way });
    return;
  }
  const isList = Array.isArray(found);
  for (const [key, value] of Object.entries(found)) {
    if (value === null || value === undefined) continue;
    const words =
      word === undefined || isList ? outer.words : new Map([...outer.words, [word, key]]);
    inner.push({ value, words, place: `${way}.${key}` });
    if (inner.length > mostMembers) return;
  }
}
