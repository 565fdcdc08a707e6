/** `sluicegate devices unknown|accept`: topics that no profile reads, and what makes devices of them. */
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { systemClock } from "../app/system-clock.ts";
import { pathIn } from "../config/path-in.ts";
import type { LoadedSite } from "../config/site/load-site.ts";
import { GatewayError } from "../core/errors.ts";
import { type Rank, rankProfiles } from "../normalize/suggest/rank-profiles.ts";
import type { Sample } from "../normalize/suggest/sample.ts";
import { guessTopic, scaffold } from "../normalize/suggest/scaffold.ts";
import { type Answer, type AskOptions, askGateway, printAnswer } from "./ask-gateway.ts";
import { replaceConfig, withProfileFolder } from "./change-config.ts";
import { agoOf, listOf, textOf } from "./devices-text.ts";
import { addEntry, demandReload, tell } from "./make-known.ts";
import { siteOf } from "./site.ts";
import { writeNew } from "./write-new.ts";

export interface AcceptOptions extends AskOptions {
  readonly profile?: string;
  readonly match?: string;
}

/** Prints each topic with its first message, and with what could read it. */
export async function showUnknown(options: AskOptions & { limit?: string }): Promise<void> {
  const { limit } = options;
  const site = await siteOf(options.config);
  const answer = await askGateway("unknown-topics", options, { limit });
  const topics = listOf(answer["topics"]).map((one) => {
    const [best] = rankProfiles(site.profiles.keys(), samplesOf(one));
    return { ...one, ...(best && { suggested: best.profile.name, reads: readsAll(best, one) }) };
  });
  printAnswer(options, { ...answer, topics }, (one) => unknownLines(one, systemClock.wallMs()));
}

/** Writes what makes the topic known, and has it read again. */
export async function acceptTopic(topic: string, options: AcceptOptions): Promise<void> {
  const site = await siteOf(options.config);
  const [found] = listOf((await askGateway("unknown-topics", options, { topic }))["topics"]);
  if (found === undefined)
    throw new GatewayError(
      "usage",
      `${topic} is no topic that came and nobody reads; devices unknown lists those`,
    );
  const samples = samplesOf(found);
  if (samples.length === 0)
    throw new GatewayError("usage", `no whole message of ${topic} was kept to look at`);
  const [best] = rankProfiles(site.profiles.keys(), samples);
  const known =
    options.profile === undefined
      ? best && readsAll(best, found)
        ? best.profile.name
        : undefined
      : [...site.profiles.keys()].find(({ name }) => name === options.profile)?.name;
  if (known !== undefined && options.match === undefined)
    await addEntry(options, { id: idOf(topic), profile: known, topic });
  else await writeProfile(site, topic, samples, options);
  const left = listOf((await askGateway("unknown-topics", options, { topic }))["topics"]);
  if (left.length === 0) tell(`next: what comes on ${topic} is stored; sluicegate devices ls`);
  else {
    tell(`${topic} is still not read: sluicegate profile try --topic ${topic} says why`);
    process.exitCode = 1;
  }
}

async function writeProfile(
  site: LoadedSite,
  topic: string,
  samples: readonly Sample[],
  options: AcceptOptions,
): Promise<void> {
  const match = options.match ?? guessTopic([topic]);
  const name = options.profile ?? nameFor(match);
  const made = scaffold({ profile: name, topic: match, samples });
  if ("problem" in made) throw new GatewayError("usage", made.problem);
  const [folder] = site.config.profiles.folders;
  const file = join(pathIn(site.folder, folder ?? "profiles"), `${name}.yaml`);
  await writeNew(file, made.yaml);
  const undo: (() => Promise<unknown>)[] = [() => rm(file, { force: true })];
  if (folder === undefined) {
    const text = await readFile(options.config, "utf8");
    const changed = withProfileFolder(text, "profiles");
    if (changed === undefined) {
      tell(`wrote ${file}`);
      tell(`add to profiles: in ${options.config}: folders: [profiles]; then sluicegate reload`);
      return;
    }
    await replaceConfig(options.config, changed);
    undo.unshift(() => replaceConfig(options.config, text));
  }
  await demandReload(options, undo);
  tell(`wrote ${file}: ${name} reads ${match}`);
  tell("look at its names and units, since they are guessed; then: sluicegate reload");
}

function samplesOf({ samples, topic }: Answer): Sample[] {
  const payloads = Array.isArray(samples) ? samples : [];
  return payloads.map((payload) => ({
    topic: textOf(topic),
    payload: Buffer.from(String(payload), "base64"),
  }));
}

/** A few values may fit by chance. */
const fewestValues = 3;

function readsAll({ left, messages, values }: Rank, { samples }: Answer): boolean {
  const count = Array.isArray(samples) ? samples.length : 0;
  return left === 0 && messages === count && values >= fewestValues * messages;
}

function unknownLines({ topics, total }: Answer, nowMs: number): string[] {
  const rows = listOf(topics);
  if (rows.length === 0) return ["every topic that came since the start is read"];
  const lines = rows.flatMap((row) => [
    `${textOf(row["topic"])}   ${textOf(row["count"])} times   last ${agoOf(row["lastMs"], nowMs)}`,
    ...samplesOf(row)
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

function idOf(topic: string): string {
  const id = topic.replace(/[^A-Za-z0-9_.-]+/g, "-").replace(/^-+|-+$/g, "");
  return (id || "device").slice(0, 128);
}

/** `acme/state` for `acme/{device}/state`. */
function nameFor(match: string): string {
  const words = match
    .split("/")
    .filter((level) => !level.includes("{"))
    .map((level) => level.toLowerCase().replace(/[^a-z0-9]+/g, "-"))
    .map((word) => word.replace(/^-+|-+$/g, ""))
    .filter((word) => word !== "");
  const [maker = "own", ...others] = words;
  return `${maker}/${others.join("-") || "device"}`.slice(0, 96);
}
