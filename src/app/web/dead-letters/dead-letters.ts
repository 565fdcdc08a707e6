/** The desk of messages that a gateway rejected. */
import type { Principal } from "../../../api/principal.ts";
import { notFound, RequestProblem } from "../../../api/problem.ts";
import type { DeadLetterDesk, DeadLetterWish } from "../../../api/routes/dead-letter-routes.ts";
import type { AgainOutcome, DeadLetter, DeadLetterGroup } from "../../../api/shapes/dead-letter.ts";
import { eventIdOf, type Seq } from "../../../core/ids.ts";
import type { RejectedGroupNow } from "../../../gateway/rejected/rejected-book.ts";
import type { RejectedMessage } from "../../../gateway/rejected/rejected-message.ts";
import type { AskedWrongly } from "../../../gateway/rejected/rejected-messages.ts";
import { idOf, wantedBy } from "../../../gateway/rejected/wanted.ts";
import type { GatewayFacts } from "../../gateway-facts.ts";
import { payloadText } from "../devices/payload-text.ts";
import type { DeadLetterBook } from "./dead-letter-book.ts";
import { fileOfProfile, type SiteNow, tryingProfile } from "./profile-trial.ts";

export interface DeadLetterParts {
  readonly facts: GatewayFacts;
  readonly book: DeadLetterBook;
  readonly nowMs: () => number;
}

export function deadLetterDesk({ book, facts, nowMs }: DeadLetterParts): DeadLetterDesk {
  const { rejected } = facts;
  const made = (seq: Seq | undefined): AgainOutcome["made"] =>
    seq === undefined
      ? null
      : { event: eventIdOf(facts.origin.gateway, facts.log.run, seq), atMs: nowMs() };
  return {
    async groups() {
      const { complete, groups } = await book.now();
      return { groups: groups.map(shownGroup), complete };
    },
    async messages(group, limit) {
      const wanted = wantedBy({ group });
      if (typeof wanted === "string") throw notFound(`group ${group}`);
      const { complete, messages } = await rejected.find(wanted, limit);
      return { messages: messages.map((one) => shownMessage(one, facts.site)), complete };
    },
    async try(wish, profile) {
      const normalize = profile === undefined ? undefined : tryingProfile(facts.site, profile);
      const outcome = right(await rejected.try(askedBy(wish), normalize));
      return { ...shownOutcome(outcome), made: null };
    },
    async reprocess(wish, by, reason) {
      const asked = askedBy(wish, by, reason);
      const { decidedSeq, ...outcome } = right(await rejected.reprocess(asked));
      return { ...shownOutcome(outcome), made: made(decidedSeq) };
    },
    async discard(wish, by, reason) {
      const { decidedSeq, ...outcome } = right(await rejected.discard(askedBy(wish, by, reason)));
      return { ...outcome, made: made(decidedSeq) };
    },
  };
}

function askedBy({ group, id }: DeadLetterWish, by?: Principal, reason?: string) {
  return {
    group,
    ...(id !== undefined && { id }),
    ...(by && { by: by.name }),
    ...(reason !== undefined && { reason }),
  };
}

function right<T extends object>(answer: T | AskedWrongly): T {
  if (!("problem" in answer)) return answer;
  throw new RequestProblem({ status: 400, code: "request.invalid", title: answer.problem });
}

function shownOutcome(
  outcome: Omit<AgainOutcome, "made" | "samples"> & {
    readonly samples: readonly AgainOutcome["samples"][number][];
  },
) {
  const { complete, more, passedOver, read, rejected, samples, unusable } = outcome;
  return { read, rejected, passedOver, unusable, more, complete, samples: [...samples] };
}

/** Where a message stopped, in a word. */
const stages: Readonly<Record<string, string>> = {
  "no-profile": "identify",
  "bad-device": "identify",
  undecodable: "decode",
  damaged: "decode",
  "no-metric": "read",
  "bad-value": "read",
};

export function shownGroup(group: RejectedGroupNow): DeadLetterGroup {
  const { code, devices, firstMs, kept, key, lastId, lastMs, messages, profile, reason, topic } =
    group;
  return {
    ...{ key, code, reason, lastId, kept, topic, devices, messages, firstMs, lastMs },
    stage: stages[code] ?? code,
    profile: profile ?? null,
  };
}

function shownMessage(message: RejectedMessage, site: SiteNow): DeadLetter {
  const { data, device, receivedMs } = message;
  const { member = null, profile, reason, topic, truncated = false } = data;
  const payload = Buffer.from(data.payload, "base64");
  const { hex, text } = payloadText(payload);
  return {
    id: idOf(message),
    ...{ receivedMs, device, topic, reason, member, hex },
    profile: profile ?? null,
    place: (profile === undefined ? undefined : fileOfProfile(site, profile)) ?? null,
    text: text ?? null,
    bytes: payload.length,
    isCut: truncated,
  };
}
