/**
 * From the form of a profile file to a profile: takes paths and topics apart and checks fields
 * against each other.
 */
import type { Checked, Fault } from "../../core/fault.ts";
import type { Codec } from "../codecs/codec.ts";
import type { IdentityMapping } from "../identity.ts";
import type { Profile, StatusMapping } from "../profile.ts";
import {
  namesDevice,
  parseTopicTemplate,
  type TopicTemplate,
  wordsOf,
} from "../topics/topic-template.ts";
import { buildReading } from "./build-codec.ts";
import { buildCommand } from "./build-command.ts";
import { buildExample } from "./build-example.ts";
import { buildMembers, isNamedInside, wordsInside } from "./build-members.ts";
import { buildMetric } from "./build-metric.ts";
import { buildNaming } from "./build-naming.ts";
import { buildNoise } from "./build-noise.ts";
import {
  anyPath,
  type FaultPath,
  listOf,
  placeOf,
  plainPath,
  type Report,
} from "./build-report.ts";
import { buildTimes } from "./build-time.ts";
import type { ProfileFile } from "./profile-file.ts";

export function buildProfile(file: ProfileFile): Checked<Profile> {
  const faults: Fault[] = [];
  const report: Report = (path, message, hint) =>
    faults.push({ code: "profile.bad-value", path, message, ...(hint ? { hint } : {}) });

  const topics =
    file.match === undefined ? [] : buildTopics(file.match.topic, isNamedInside(file), report);
  const words = new Set([...topics.flatMap(wordsOf), ...wordsInside(file)]);
  const status = file.status.map((form, at) => buildStatus(form, ["status", at], report));
  const reading = buildReading(file, report);
  const profile: Profile = {
    name: file.profile,
    version: file.version,
    id: `${file.profile}@${file.version}`,
    naming: buildNaming(file, topics, status, report),
    topics,
    devicePrefixes: buildPrefixes(file.match?.device ?? "*", report),
    ...buildNoise(file, report),
    ...reading,
    ...buildMembers(file, topics, report),
    times: buildTimes(file.time, report),
    ...(file.identity && { identity: buildIdentity(file.identity, report) }),
    ...(file.interval !== undefined && { intervalMs: file.interval }),
    ...(file.simulated !== undefined && {
      simulated: plainPath(file.simulated, ["simulated"], report),
    }),
    metrics: file.metrics.map((form, at) => buildMetric(form, ["metrics", at], words, report)),
    status,
    alive: file.alive.map((text, at) => plainPath(text, ["alive", at], report)),
    skip: file.skip.map((text, at) => anyPath(text, ["skip", at], report)),
    examples: file.examples.map((form, at) => buildExample(form, ["examples", at], report)),
    ...buildCommands(file, reading.codec, topics, report),
  };
  checkNames(profile, report);
  if (faults.length > 0) return { ok: false, faults };
  return { ok: true, value: profile, warnings: [] };
}

function buildCommands(
  { commands, commands_from: from, device }: ProfileFile,
  codec: Codec,
  topics: readonly TopicTemplate[],
  report: Report,
): Pick<Profile, "commands" | "commandsFrom"> {
  if (commands !== undefined && from !== undefined)
    report(["commands_from"], "its commands are its own, or those of another profile");
  const inIds = device?.prefix?.match(/[a-z_]+/g) ?? [];
  const words = new Set([...topics.flatMap(wordsOf), ...inIds]);
  const names = new Set<string>();
  const built = commands?.map((form, at) => {
    if (names.has(form.name))
      report(["commands", at, "name"], `an earlier one is ${form.name}, too`);
    names.add(form.name);
    return buildCommand(form, ["commands", at], codec, words, report);
  });
  return {
    ...(built && { commands: built }),
    ...(from !== undefined && { commandsFrom: from }),
  };
}

function buildTopics(
  topic: string | readonly string[],
  isNamed: boolean,
  report: Report,
): TopicTemplate[] {
  return listOf(topic).map((text, at) =>
    buildTemplate(text, isNamed, placeOf(["match", "topic"], topic, at), report),
  );
}

/** `isNamed`: something else than the topic may say which device it is. */
function buildTemplate(
  text: string,
  isNamed: boolean,
  place: FaultPath,
  report: Report,
): TopicTemplate {
  const template = parseTopicTemplate(text);
  if (!("problem" in template)) {
    if (!isNamed && !namesDevice(template))
      report(place, `"${text}" does not say where {device} stands`);
    return template;
  }
  report(place, template.problem);
  return { text, levels: [] };
}

function buildPrefixes(device: string | readonly string[], report: Report): string[] {
  return listOf(device).map((pattern, at) => {
    if (pattern.indexOf("*") !== pattern.length - 1)
      report(
        placeOf(["match", "device"], device, at),
        `"${pattern}" does not say how device ids begin`,
        "write the beginning and a * at the end",
      );
    return pattern.slice(0, -1);
  });
}

function buildIdentity(
  form: NonNullable<ProfileFile["identity"]>,
  report: Report,
): IdentityMapping {
  return {
    counter: plainPath(form.counter, ["identity", "counter"], report),
    ...(form.boot !== undefined && {
      boot: plainPath(form.boot, ["identity", "boot"], report),
    }),
  };
}

function buildStatus(
  form: ProfileFile["status"][number],
  place: FaultPath,
  report: Report,
): StatusMapping {
  const online = listOf(form.online);
  const offline = listOf(form.offline);
  const both = online.find((text) => offline.includes(text));
  if (both !== undefined) report([...place, "offline"], `"${both}" means online, too`);
  return {
    topic: buildTemplate(form.topic, false, [...place, "topic"], report),
    ...(form.path !== undefined && { path: plainPath(form.path, [...place, "path"], report) }),
    known: form.known,
    online,
    offline,
  };
}

function checkNames(profile: Profile, report: Report): void {
  const names = new Set<string>();
  for (const [at, { name, paths, where }] of profile.metrics.entries()) {
    if (names.has(name)) report(["metrics", at, "name"], `an earlier metric is named ${name}, too`);
    // One name may be found at several places where only one of them is in a message.
    if (where !== undefined) continue;
    // Two wildcards may both be named by what they find; the earlier one wins where they meet.
    if (paths[0].wildcard === "none" || !name.includes("{key}")) names.add(name);
  }
}
