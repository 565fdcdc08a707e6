/** The events of a message with several members: each with its own device, time and metrics. */
import type { RawMessage } from "../core/message.ts";
import type { Catalog } from "./catalog.ts";
import { hashOf } from "./identity.ts";
import { rejectionOf } from "./make-event.ts";
import { findMembers, type Member } from "./members.ts";
import { wordsOfMessage } from "./message-words.ts";
import { isMisfit, type Misfit } from "./misfit.ts";
import type { NormalizedEvent, StoredMessage } from "./normalized.ts";
import type { DecodedPayload, ReadMember } from "./read-member.ts";
import type { ReadingRoute } from "./route.ts";
import type { EventTime } from "./times/device-time.ts";
import type { MessageReaders } from "./walk/message-reader.ts";
import { whoseMember } from "./whose.ts";

/**
 * What the events of one message may take: a text outside of the members is in the event of each, and
 * a small message must not become a large one by that.
 */
const mostCharacters = 4 * 2 ** 20;

export interface MembersParts {
  readonly catalog: Catalog;
  readonly readMember: ReadMember;
  readonly readers: MessageReaders;
  readonly maxRejectedBytes: number;
}

/** Undefined where the message has no members: then it is not for this profile. */
export type ReadMembers = (
  message: RawMessage,
  clockSynced: boolean,
  now: EventTime,
  route: ReadingRoute,
  decoded: DecodedPayload,
) => StoredMessage | Misfit | undefined;

/** A member that does not fit is a rejection of its own, and costs the others nothing. */
export function createMembersReader(parts: MembersParts): ReadMembers {
  const { catalog, maxRejectedBytes, readers, readMember } = parts;

  return (message, clockSynced, now, route, decoded) => {
    const members = findMembers(route.profile.each, decoded.value, route.words);
    if ("code" in members) return members;
    const payloadHash = route.profile.identity === undefined ? 0 : hashOf(message.payload);
    if (members.length === 0) return undefined;
    const reader = readers.of(route.profile);
    const unreadOutside = reader.readOutside(decoded.value, message.receivedMs);
    const events: NormalizedEvent[] = [];
    let characters = 0;
    for (const [index, member] of members.entries()) {
      const one = readOne(member, index);
      characters += weigh(one);
      if (characters > mostCharacters)
        return {
          code: "undecodable",
          reason: `the values of its ${members.length} members have more than ${mostCharacters} characters`,
        };
      events.push(one);
    }
    const [first, ...more] = events;
    return first && (more.length === 0 ? first : { ...first, more });

    function readOne(member: Member, index: number): NormalizedEvent {
      const { place, value } = member;
      const words = wordsOfMessage(route.profile, member.words, value, decoded.value);
      const device = whoseMember(catalog, route, value, decoded.value, words);
      if (isMisfit(device)) {
        const refused = { ...device, profile: route.profile.id, member };
        return rejectionOf(message, now, refused, maxRejectedBytes);
      }
      const metrics = route.renames ? catalog.metricsOf(route.profile, words) : route.metrics;
      const part = { value, metrics, index, place, payloadHash, unreadOutside };
      return readMember(message, clockSynced, now, route, device, decoded, part);
    }
  };
}

function weigh({ event }: NormalizedEvent): number {
  if (event.kind === "rejection") return event.data.payload.length;
  if (event.kind !== "measurement") return 0;
  let characters = 0;
  for (const { name, value } of event.data)
    characters += name.length + (typeof value === "string" ? value.length : 0);
  return characters;
}
