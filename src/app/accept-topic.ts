/**
 * What makes a topic known that nobody reads: an entry of `devices:` where a profile reads all of it,
 * else a new profile made of its messages. Worked out first, so that people see what would be written.
 */
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { pathIn } from "../config/path-in.ts";
import type { LoadedSite } from "../config/site/load-site.ts";
import { GatewayError } from "../core/errors.ts";
import type { Question } from "../core/question.ts";
import { plainYaml } from "../normalize/suggest/plain-yaml.ts";
import { type Rank, rankProfiles } from "../normalize/suggest/rank-profiles.ts";
import type { Sample } from "../normalize/suggest/sample.ts";
import { guessTopic, scaffold } from "../normalize/suggest/scaffold.ts";
import { replaceConfig, withDevice, withProfileFolder } from "./change-config.ts";
import { writeNew } from "./write-new.ts";

/** The topic, and what reads it where somebody says so. */
export interface AcceptWish {
  readonly topic: string;
  /** By name: one of the site, or the new one. */
  readonly profile?: string | undefined;
  /** Topics that a new profile reads, with `{device}`. */
  readonly match?: string | undefined;
}

/** What would be written. */
export interface Acceptance {
  readonly profile: string;
  /** Topics that it reads; undefined where it is a profile that was there. */
  readonly match: string | undefined;
  readonly entry: DeviceLines | undefined;
  readonly writes: readonly PlannedWrite[];
  /** Undefined where the configuration file can be changed; else the lines that people add to it. */
  readonly byHand: string | undefined;
}

/** An entry of `devices:`. */
export interface DeviceLines {
  readonly id: string;
  readonly profile: string;
  readonly topic?: string | undefined;
}

export interface PlannedWrite {
  readonly file: string;
  /** What is put into it. */
  readonly added: string;
  /** All of it as it will be; `before` is undefined where it is new. */
  readonly text: string;
  readonly before: string | undefined;
}

/** Throws `usage` where nothing can be made of what is wished. */
export async function planAcceptance(
  wish: AcceptWish,
  samples: readonly Sample[],
  { config, site }: { readonly config: string; readonly site: LoadedSite },
): Promise<Acceptance> {
  const { match, profile, topic } = wish;
  if (samples.length === 0)
    throw new GatewayError("usage", `no whole message of ${topic} was kept to look at`);
  const names = [...site.profiles.keys()];
  const [best] = rankProfiles(names, samples);
  const known =
    profile === undefined
      ? best && readsAll(best, samples.length)
        ? best.profile.name
        : undefined
      : names.find(({ name }) => name === profile)?.name;
  const before = await readFile(config, "utf8");
  return known !== undefined && match === undefined
    ? planEntry({ id: idFor(topic), profile: known, topic }, config, before)
    : planProfile(wish, samples, { config, site, before });
}

/** Writes it and has the files read again; where they have faults with it, all is as it was before. */
export async function writeAcceptance(plan: Acceptance, reload: Question): Promise<void> {
  const undo: (() => Promise<unknown>)[] = [];
  try {
    for (const { before, file, text } of plan.writes) {
      if (before === undefined) await writeNew(file, text);
      else await replaceConfig(file, text);
      undo.unshift(() =>
        before === undefined ? rm(file, { force: true }) : replaceConfig(file, before),
      );
    }
    if (plan.byHand !== undefined) return;
    const answer: Readonly<Record<string, unknown>> = { ...(await reload({})) };
    if (answer["outcome"] === "reloaded") return;
    throw new GatewayError(
      "config.invalid",
      `the files have faults with it; nothing was changed\n${String(answer["faults"] ?? "")}`,
    );
  } catch (thrown) {
    for (const step of undo) await step();
    throw thrown;
  }
}

function planEntry(entry: DeviceLines, config: string, before: string): Acceptance {
  const line = `- ${plainYaml({ ...entry })}`;
  const text = withDevice(before, { ...entry });
  const bare = { profile: entry.profile, match: undefined, entry };
  if (text === undefined)
    return { ...bare, writes: [], byHand: `add to devices: in ${config}:\n  ${line}` };
  return { ...bare, byHand: undefined, writes: [{ file: config, added: line, text, before }] };
}

function planProfile(
  { match = "", profile, topic }: AcceptWish,
  samples: readonly Sample[],
  { before, config, site }: { config: string; site: LoadedSite; before: string },
): Acceptance {
  const reads = match || guessTopic([topic]);
  const name = profile ?? nameFor(reads);
  if (!namePattern.test(name))
    throw new GatewayError("usage", `"${name}": a profile is named maker/model in lower case`);
  const made = scaffold({ profile: name, topic: reads, samples });
  if ("problem" in made) throw new GatewayError("usage", made.problem);
  const [folder] = site.config.profiles.folders;
  const file = join(pathIn(site.folder, folder ?? "profiles"), `${name}.yaml`);
  const own = { file, added: made.yaml, text: made.yaml, before: undefined };
  const common = { profile: name, match: reads, entry: undefined };
  if (folder !== undefined) return { ...common, writes: [own], byHand: undefined };
  const text = withProfileFolder(before, "profiles");
  if (text === undefined) {
    const byHand = `add to profiles: in ${config}: folders: [profiles]`;
    return { ...common, writes: [own], byHand };
  }
  const named = { file: config, added: "profiles: { folders: [profiles] }", text, before };
  return { ...common, writes: [own, named], byHand: undefined };
}

/** It becomes a path below the folder of profiles. */
const namePattern = /^[a-z0-9][a-z0-9_-]*\/[a-z0-9][a-z0-9_.-]*$/;

/** Messages of a topic as a gateway tells them. */
export function samplesOf(topic: string, payloads: readonly string[]): Sample[] {
  return payloads.map((payload) => ({ topic, payload: Buffer.from(payload, "base64") }));
}

/** A few values may fit by chance. */
const fewestValues = 3;

/** True where a profile reads all that there is in so many messages. */
export function readsAll({ left, messages, values }: Rank, count: number): boolean {
  return left === 0 && messages === count && values >= fewestValues * messages;
}

function idFor(topic: string): string {
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
