/** The desk of what a gateway gets and nobody reads. */
import { notFound, RequestProblem } from "../../../api/problem.ts";
import type { UnreadDesk } from "../../../api/routes/unread-routes.ts";
import type { UnreadPage } from "../../../api/shapes/device.ts";
import { GatewayError } from "../../../core/errors.ts";
import { eventIdOf } from "../../../core/ids.ts";
import { isObject } from "../../../core/is-object.ts";
import type { Question } from "../../../core/question.ts";
import { rankProfiles } from "../../../normalize/suggest/rank-profiles.ts";
import { guessTopic, scaffold } from "../../../normalize/suggest/scaffold.ts";
import { type Acceptance, planAcceptance, samplesOf, writeAcceptance } from "../../accept-topic.ts";
import type { GatewayFacts } from "../../gateway-facts.ts";
import { payloadText } from "./payload-text.ts";

export interface UnreadParts {
  readonly facts: GatewayFacts;
  readonly configPath: string;
  readonly reload: Question;
  readonly nowMs: () => number;
}

/** Comparing each with all profiles takes a while. */
const mostTopics = 50;
const mostPaths = 1_000;
const shownCharacters = 400;

/** A topic as the gateway tells it. */
interface Unknown {
  readonly topic: string;
  readonly count: number;
  readonly lastMs: number;
  readonly samples: readonly string[];
}

export function unreadDesk({ configPath, facts, nowMs, reload }: UnreadParts): UnreadDesk {
  const unknown = async (asked: Readonly<Record<string, string>>): Promise<Unknown[]> => {
    const answer = await facts.questions["unknown-topics"]?.(asked);
    return isObject(answer) && Array.isArray(answer["topics"])
      ? answer["topics"].flatMap(toUnknown)
      : [];
  };
  return {
    async unread(signal) {
      const topics: UnreadPage["topics"] = [];
      for (const one of await unknown({ limit: String(mostTopics) })) {
        if (signal.aborted) break;
        topics.push(shownTopic(one, facts));
        // Devices go first.
        await new Promise(setImmediate);
      }
      const paths = facts.devices
        .unread()
        .slice(0, mostPaths)
        .map(({ count, place, profile, sample }) => ({ profile, path: place, sample, count }));
      return { topics, paths };
    },
    async accept({ dry, profile, topic }) {
      const [found] = await unknown({ topic });
      if (found === undefined) throw notFound(`topic ${topic} that comes and nobody reads`);
      const samples = samplesOf(topic, found.samples);
      const places = { config: configPath, site: facts.site() };
      const plan = await planAcceptance({ topic, profile }, samples, places).catch(asProblem);
      if (dry) return shownPlan(plan, null);
      const { lastSeq } = facts.log.state();
      await writeAcceptance(plan, reload).catch(asProblem);
      const seq = facts.log.state().lastSeq;
      const event = eventIdOf(facts.origin.gateway, facts.log.run, seq);
      return shownPlan(plan, seq > lastSeq ? { event, atMs: nowMs() } : null);
    },
  };
}

function shownTopic({ count, lastMs, samples, topic }: Unknown, { site }: GatewayFacts) {
  const messages = samplesOf(topic, samples);
  const [best] = rankProfiles(site().profiles.keys(), messages);
  const match = guessTopic([topic]);
  const made = scaffold({ profile: "own/device", topic: match, samples: messages });
  const [first] = messages;
  const sample = first ? payloadText(first.payload).shown.slice(0, shownCharacters) : "";
  return {
    ...{ topic, count, lastMs, sample },
    suggested: best?.profile.name ?? null,
    draft: messages.length === 0 || "problem" in made ? null : made.yaml,
  };
}

function shownPlan(plan: Acceptance, made: { event: string; atMs: number } | null) {
  const { byHand, match, profile, writes } = plan;
  const notes = [
    ...(match === undefined ? [] : ["Look at its names and units: they are guessed."]),
    ...(byHand === undefined
      ? []
      : [`The configuration file is not changed, so do it by hand: ${byHand}; then reload.`]),
  ];
  return { profile, notes, made, writes: writes.map(({ added, file }) => ({ file, text: added })) };
}

function toUnknown(one: unknown): Unknown[] {
  if (!isObject(one) || typeof one["topic"] !== "string") return [];
  const { count, lastMs, samples, topic } = one;
  const payloads = Array.isArray(samples) ? samples.map(String) : [];
  return [{ topic, count: Number(count), lastMs: Number(lastMs), samples: payloads }];
}

/** What is wrong with what is wished, or with the files, is answered. */
function asProblem(thrown: unknown): never {
  if (!(thrown instanceof GatewayError)) throw thrown;
  const { code, message } = thrown;
  throw new RequestProblem({ status: 409, code, title: message });
}
