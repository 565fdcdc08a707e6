/**
 * How many payloads each codec reads, and what a message of each profile costs in its parts: reading
 * the bytes, finding the metrics, writing the event. The first example of a profile with a measurement
 * stands for all.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { eventIdOf, toRunId, toSeq } from "../../../src/core/ids.ts";
import { noAttributes, type RawMessage } from "../../../src/core/message.ts";
import type { Codec } from "../../../src/normalize/codecs/codec.ts";
import { codecs } from "../../../src/normalize/codecs.ts";
import { createCatalog } from "../../../src/normalize/create-catalog.ts";
import { decode } from "../../../src/normalize/decode.ts";
import { parseProfile } from "../../../src/normalize/language/parse-profile.ts";
import { createNormalizer } from "../../../src/normalize/normalizer.ts";
import { openInner } from "../../../src/normalize/open.ts";
import type { Profile } from "../../../src/normalize/profile.ts";
import { createEventEncoder } from "../../support/event-encoder.ts";
import { answer, readArguments } from "./answer.ts";
import type { CodecsAnswer, CountArguments, ProfileCost } from "./reports.ts";
import { origin } from "./sample-event.ts";

const { count } = readArguments<CountArguments>();
const receivedMs = Date.UTC(2026, 10, 21, 14, 2, 10);
const id = eventIdOf(origin.gateway, toRunId("bench000"), toSeq(1));
const encode = createEventEncoder(origin);

/** Microseconds that one call takes; the best of several rounds, since others use the machine. */
function cost(call: () => unknown): number {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 10; round += 1) {
    const startedMs = performance.now();
    for (let n = 0; n < count / 10; n += 1) call();
    best = Math.min(best, ((performance.now() - startedMs) * 10_000) / count);
  }
  return best;
}

function codecCost(codec: Codec): { readonly name: string; readonly us: number } {
  const { example, name, reads } = codec;
  const payload = Buffer.from(example.payload, reads === "text" ? "utf8" : "hex");
  return { name, us: cost(() => decode(codec, payload, receivedMs)) };
}

function profileCost(profile: Profile): ProfileCost[] {
  const own = { id: "bench", profile: profile.name, topic: "#", tags: {}, attrs: {} };
  const devices = profile.topics.length === 0 ? [own] : [];
  const catalog = createCatalog({ profiles: [profile], devices, generic: false });
  if (!catalog.ok) throw new Error(JSON.stringify(catalog.faults));
  const normalize = createNormalizer({
    catalog: catalog.value,
    maxSkewMs: 300_000,
    maxAgeMs: 3_660 * 86_400_000,
    maxRejectedBytes: 4_096,
  });
  const shown = profile.examples.find(({ expect: [first] }) => first?.kind === "measurement");
  if (shown === undefined) return [];
  const payload = Buffer.from(shown.payload);
  const message: RawMessage = {
    source: "bench",
    address: shown.topic,
    payload,
    receivedMs,
    client: undefined,
    device: undefined,
    attributes: noAttributes,
  };
  const normalized = normalize(message, true);
  if (normalized.passedOver !== undefined) return [];
  const events = [normalized, ...(normalized.more ?? [])].map(({ event }) => event);
  const decodeUs = cost(() =>
    openInner(decode(profile.codec, payload, receivedMs), profile.open, receivedMs),
  );
  const normalizeUs = cost(() => normalize(message, true));
  const encodeUs = cost(() => events.map((event) => encode(event, id)));
  const metricsUs = Math.max(normalizeUs - decodeUs, 0);
  return [{ name: profile.name, events: events.length, decodeUs, metricsUs, encodeUs }];
}

const files = readdirSync("devices", { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".yaml"))
  .sort();
const profiles = files.map((file) => {
  const profile = parseProfile(parse(readFileSync(join("devices", file), "utf8")));
  if (!profile.ok) throw new Error(JSON.stringify(profile.faults));
  return profile.value;
});
answer({
  codecs: codecs.map(codecCost),
  profiles: profiles.flatMap(profileCost),
} satisfies CodecsAnswer);
