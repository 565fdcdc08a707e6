/** `sluicegate devices unknown|accept`: topics that no profile reads, and what makes devices of them. */
import {
  type Acceptance,
  planAcceptance,
  readsAll,
  samplesOf,
  writeAcceptance,
} from "../app/accept-topic.ts";
import { systemClock } from "../app/system-clock.ts";
import { GatewayError } from "../core/errors.ts";
import { rankProfiles } from "../normalize/suggest/rank-profiles.ts";
import type { Sample } from "../normalize/suggest/sample.ts";
import { type Answer, type AskOptions, askGateway } from "./ask-gateway.ts";
import { agoOf, listOf, textOf, timesOf } from "./devices-text.ts";
import { tell } from "./make-known.ts";
import { printAnswer } from "./print-answer.ts";
import { siteOf } from "./site.ts";

export interface AcceptOptions extends AskOptions {
  readonly profile?: string;
  readonly match?: string;
  readonly dryRun?: boolean;
}

/** Prints each topic with its first message, and with what could read it. */
export async function showUnknown(options: AskOptions & { limit?: string }): Promise<void> {
  const { limit } = options;
  const site = await siteOf(options.config);
  const answer = await askGateway("unknown-topics", options, { limit });
  const topics = listOf(answer["topics"]).map((one) => {
    const samples = samplesIn(one);
    const [best] = rankProfiles(site.profiles.keys(), samples);
    return {
      ...one,
      ...(best && { suggested: best.profile.name, reads: readsAll(best, samples.length) }),
    };
  });
  const found = { ...answer, topics };
  printAnswer(options, "unknown-topics/1", found, () => unknownLines(found, systemClock.wallMs()));
}

/** Writes what makes the topic known, and has it read again. */
export async function acceptTopic(topic: string, options: AcceptOptions): Promise<void> {
  const site = await siteOf(options.config);
  const [found] = listOf((await askGateway("unknown-topics", options, { topic }))["topics"]);
  if (found === undefined)
    throw new GatewayError(
      "not-found",
      `${topic} is no topic that came and nobody reads; devices unknown lists those`,
    );
  const { config, match, profile } = options;
  const plan = await planAcceptance({ topic, profile, match }, samplesIn(found), { config, site });
  if (options.dryRun) return sayPlan(plan);
  await writeAcceptance(plan, () => askGateway("reload", options, {}));
  const [written] = plan.writes;
  if (plan.match !== undefined) tell(`wrote ${written?.file}: ${plan.profile} reads ${plan.match}`);
  else if (written) tell(`wrote into ${config}: ${written.added}`);
  if (plan.byHand !== undefined) {
    for (const line of plan.byHand.split("\n")) tell(line);
    tell("then: sluicegate reload");
    return;
  }
  if (plan.match !== undefined)
    tell("look at its names and units, since they are guessed; then: sluicegate reload");
  const left = listOf((await askGateway("unknown-topics", options, { topic }))["topics"]);
  if (left.length === 0) tell(`next: what comes on ${topic} is stored; sluicegate devices ls`);
  else {
    tell(`${topic} is still not read: sluicegate profile try --topic ${topic} says why`);
    process.exitCode = 1;
  }
}

/** What `--dry-run` says: each file with what would stand in it. */
function sayPlan({ byHand, writes }: Acceptance): void {
  for (const { added, file } of writes) {
    tell(`would write ${file}:`);
    for (const line of added.trimEnd().split("\n")) tell(`  ${line}`);
  }
  for (const line of byHand?.split("\n") ?? []) tell(line);
  tell("nothing was changed");
}

function samplesIn({ samples, topic }: Answer): Sample[] {
  return samplesOf(textOf(topic), Array.isArray(samples) ? samples.map(String) : []);
}

function unknownLines({ topics, total }: Answer, nowMs: number): string[] {
  const rows = listOf(topics);
  if (rows.length === 0) return ["every topic that came since the start is read"];
  const lines = rows.flatMap((row) => [
    `${textOf(row["topic"])}   ${timesOf(row["count"])}   last ${agoOf(row["lastMs"], nowMs)}`,
    ...samplesIn(row)
      .slice(0, 1)
      .map(({ payload }) => `  ${Buffer.from(payload).toString().slice(0, 200)}`),
    `  ${suggestion(row)}`,
  ]);
  const more = Number(total) > rows.length ? [`${rows.length} of ${textOf(total)} topics`] : [];
  return [...lines, ...more, "next: sluicegate devices accept TOPIC"];
}

function suggestion({ reads, suggested }: Answer): string {
  if (typeof suggested !== "string") return "no profile reads it: accept writes a new one";
  return reads === true
    ? `${suggested} reads all of it: accept takes that`
    : `${suggested} reads most of it: accept --profile ${suggested}, or a new one without`;
}
