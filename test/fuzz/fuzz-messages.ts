/** Says damaged messages to all profiles that come along and holds what comes out to what must hold. */
import { readdirSync } from "node:fs";
import { decodeEvent, isMalformed } from "../../src/core/event-codec.ts";
import { eventIdOf, toGatewayId, toRunId, toSeq, toSiteId } from "../../src/core/ids.ts";
import { noAttributes } from "../../src/core/message.ts";
import type { Random } from "../../src/core/retry.ts";
import type { NormalizedEvent } from "../../src/normalize/normalized.ts";
import { createNormalizer } from "../../src/normalize/normalizer.ts";
import type { Profile } from "../../src/normalize/profile.ts";
import { createSeededRandom } from "../../src/simulate/seeded-random.ts";
import { loadProfile, shippedFolder } from "../devices/load-profile.ts";
import {
  eventsOf,
  givenCatalog,
  givenDevice,
  givenMessage,
  receivedMs,
} from "../normalize/given.ts";
import { createEventEncoder } from "../support/event-encoder.ts";
import { type Sample, samplesOfCodecs } from "./codec-samples.ts";
import { mutateBytes, mutateTopic, mutateValue, pick } from "./mutate.ts";
import { seals } from "./seals.ts";

export interface FuzzReport {
  readonly messages: number;
  readonly events: number;
  /** Events by kind, and messages that were passed over. */
  readonly kinds: Readonly<Record<string, number>>;
  /** Each with the message that shows it; empty when all held. */
  readonly faults: readonly string[];
  /** Those that took longest, the worst first. */
  readonly slowest: readonly SlowMessage[];
}

/** A message, and what it took. */
export interface SlowMessage {
  /** Of the processor, whoever else uses the machine. */
  readonly tookMs: number;
  readonly topic: string;
  /** Those of its events, each with its codec. */
  readonly profiles: readonly string[];
  readonly bytes: number;
  readonly payload: Uint8Array;
}

const maxFaults = 10;
const mostSlow = 5;
const origin = { site: toSiteId("plant-a"), gateway: toGatewayId("gw1") };
const encode = createEventEncoder(origin);
const id = eventIdOf(origin.gateway, toRunId("aaaaaaaa"), toSeq(1));

/** The same seed and count say the same messages. */
export function fuzzMessages(seed: string, count: number): FuzzReport {
  const random = createSeededRandom(seed);
  const shipped = readdirSync(shippedFolder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".yaml"))
    .map(loadProfile);
  const own = samplesOfCodecs();
  const profiles = [...shipped, ...own.map(({ profile }) => profile)];
  const devices = shipped
    .filter(({ topics }) => topics.length === 0)
    .map(({ name }) =>
      givenDevice({ id: name.replace("/", "-"), profile: name, topic: lineOf(name) }),
    );
  const catalog = givenCatalog({ profiles, devices, generic: true });
  const codecs = new Map<string, string>(profiles.map(({ codec, id }) => [id, codec.name]));
  const normalize = createNormalizer({
    catalog,
    maxSkewMs: 300_000,
    maxAgeMs: 30 * 86_400_000,
    maxRejectedBytes: 4_096,
  });
  const ofDevices = shipped.flatMap(samplesOf);
  const ofCodecs = own.map(({ profile, sample }) => ({ ...sample, codec: profile.codec.name }));
  const kinds: Record<string, number> = {};
  const faults: string[] = [];
  let events = 0;
  let slowest: SlowMessage[] = [];
  for (let n = 0; n < count; n += 1) {
    const { payload, topic } = damaged(pick(n % 2 === 0 ? ofCodecs : ofDevices, random), random);
    const attributes = random() < 0.05 ? { will: true as const } : noAttributes;
    const message = givenMessage(topic, payload, { receivedMs: receivedMs + n, attributes });
    const readBy = new Set<string>();
    const started = process.cpuUsage();
    try {
      const normalized = normalize(message, random() < 0.9);
      const found = normalized.passedOver === undefined ? eventsOf(normalized) : [];
      if (normalized.passedOver !== undefined)
        kinds[normalized.passedOver] = (kinds[normalized.passedOver] ?? 0) + 1;
      for (const one of found) {
        events += 1;
        kinds[one.event.kind] = (kinds[one.event.kind] ?? 0) + 1;
        const by = one.event.profile ?? "none";
        readBy.add(`${by} (${codecs.get(by) ?? "no codec"})`);
        const fault = faultIn(one);
        if (fault !== undefined) faults.push(say(fault, topic, payload));
      }
    } catch (thrown) {
      faults.push(say(`throws ${thrown}`, topic, payload));
    }
    const { system, user } = process.cpuUsage(started);
    const tookMs = (system + user) / 1_000;
    if (tookMs > (slowest[mostSlow - 1]?.tookMs ?? 0)) {
      const one = { tookMs, topic, profiles: [...readBy], bytes: payload.length, payload };
      slowest = [...slowest, one].sort((a, b) => b.tookMs - a.tookMs).slice(0, mostSlow);
    }
    if (Object.keys(Object.prototype).length > 0)
      faults.push(say("a prototype grew", topic, payload));
    if (faults.length >= maxFaults) break;
  }
  return { messages: count, events, kinds, faults, slowest };
}

/** A message, and whose checksum may be behind it. */
interface Damageable extends Sample {
  readonly codec: string;
}

function samplesOf({ codec, examples, name, topics }: Profile): Damageable[] {
  return examples.map(({ payload, topic }) => ({
    topic: topics.length === 0 ? lineOf(name) : topic,
    payload: Buffer.from(payload),
    codec: codec.name,
  }));
}

/** Where the device speaks that a profile without topics is configured for. */
function lineOf(profile: string): string {
  return `serial/${profile}`;
}

function damaged({ codec, payload, topic }: Damageable, random: Random): Sample {
  const value = valueIn(payload);
  let bytes = value === undefined ? mutateBytes(payload, random) : payload;
  if (value !== undefined && random() < 0.6)
    bytes = Buffer.from(JSON.stringify(mutateValue(value, random)) ?? "");
  while (random() < 0.4) bytes = mutateBytes(bytes, random);
  if (random() < 0.8) bytes = seals[codec]?.(bytes) ?? bytes;
  return { topic: random() < 0.1 ? mutateTopic(topic, random) : topic, payload: bytes };
}

function valueIn(payload: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(payload).toString());
  } catch {
    return undefined;
  }
}

/** What is wrong with an event: it must travel, and be the same where it arrives. */
export function faultIn({ event }: NormalizedEvent): string | undefined {
  if (event.kind === "measurement")
    for (const { name, value } of event.data)
      if (typeof value === "number" && !Number.isFinite(value)) return `${name} is ${value}`;
  const back = decodeEvent(encode(event, id));
  if (isMalformed(back)) return `cannot be read again: ${JSON.stringify(back)}`;
  const same = JSON.stringify(back.data) === JSON.stringify(event.data);
  return same && back.device === event.device ? undefined : "differs when it is read again";
}

function say(what: string, topic: string, payload: Uint8Array): string {
  const shown = Buffer.from(payload).subarray(0, 600).toString("base64");
  return `${what}; on ${JSON.stringify(topic.slice(0, 200))}, base64 ${shown}`;
}
