/** What the processor does for one message without any input or output: payload to event text. */
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { eventIdOf, toRunId, toSeq } from "../../../src/core/ids.ts";
import { noAttributes, type RawMessage } from "../../../src/core/message.ts";
import { createCatalog } from "../../../src/normalize/create-catalog.ts";
import { parseProfile } from "../../../src/normalize/language/parse-profile.ts";
import { createNormalizer } from "../../../src/normalize/normalizer.ts";
import { createEventEncoder } from "../../support/event-encoder.ts";
import { answer, perSecondSince, readArguments } from "./answer.ts";
import type { CountArguments, RateAnswer } from "./reports.ts";
import { origin, samplePayload, topic } from "./sample-event.ts";

const { count } = readArguments<CountArguments>();
const profile = parseProfile(parse(readFileSync("devices/sluicegate/sim-freezer.yaml", "utf8")));
if (!profile.ok) throw new Error(JSON.stringify(profile.faults));
const catalog = createCatalog({ profiles: [profile.value], devices: [], generic: false });
if (!catalog.ok) throw new Error(JSON.stringify(catalog.faults));
const normalize = createNormalizer({
  catalog: catalog.value,
  maxSkewMs: 300_000,
  maxAgeMs: 30 * 86_400_000,
  maxRejectedBytes: 4_096,
});
const encode = createEventEncoder(origin);
const run = toRunId("bench000");
const payloads = Array.from({ length: 1_000 }, (_, n) => Buffer.from(samplePayload(n + 1)));

function normalizeAll(messages: number): number {
  const startedMs = performance.now();
  let bytes = 0;
  for (let n = 0; n < messages; n += 1) {
    const message: RawMessage = {
      source: "bench",
      address: topic,
      payload: payloads[n % payloads.length] ?? Buffer.alloc(0),
      receivedMs: Date.now(),
      client: undefined,
      device: undefined,
      attributes: noAttributes,
    };
    const found = normalize(message, true);
    if (found.passedOver !== undefined || found.event.kind !== "measurement")
      throw new Error("the sample does not fit its profile");
    bytes += encode(found.event, eventIdOf(origin.gateway, run, toSeq(n + 1))).length;
  }
  if (bytes < messages) throw new Error("nothing was encoded");
  return perSecondSince(startedMs, messages);
}

normalizeAll(count / 10);
answer({ perSecond: normalizeAll(count) } satisfies RateAnswer);
