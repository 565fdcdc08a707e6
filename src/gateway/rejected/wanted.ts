/** Which rejected messages are meant. */
import { matchesGlob } from "../../core/glob.ts";
import { eventIdOf } from "../../core/ids.ts";
import type { Asked } from "../../core/question.ts";
import { matchesTopic, problemOfFilter } from "../../core/topic-filter.ts";
import { groupKeyOf } from "./group-key.ts";
import type { RejectedMessage } from "./rejected-message.ts";

/** True for those that are meant. */
export type Wanted = (message: RejectedMessage) => boolean;

/**
 * Reads `id`, `group` (a key), `code`, `profile` (a pattern, with or without a version), `topic` (an
 * MQTT filter), of which all that are given must hold. A text says what is wrong with them.
 */
export function wantedBy({ code, group, id, profile, topic }: Asked): Wanted | string {
  const problem = topic === undefined ? undefined : problemOfFilter(topic);
  if (problem !== undefined) return problem;
  return (message) =>
    (id === undefined || id === idOf(message)) &&
    (group === undefined || group === groupKeyOf(message.data)) &&
    (code === undefined || code === message.data.code) &&
    (profile === undefined || isOf(profile, message.data.profile ?? "")) &&
    (topic === undefined || matchesTopic(topic, message.data.topic));
}

/** The id of the event. */
export function idOf({ origin, position }: RejectedMessage): string {
  return eventIdOf(origin.gateway, position.run, position.seq);
}

function isOf(pattern: string, profile: string): boolean {
  return matchesGlob(pattern, profile) || matchesGlob(pattern, profile.replace(/@\d+$/, ""));
}
