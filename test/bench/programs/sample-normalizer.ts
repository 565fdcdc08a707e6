/** What the processor does for one message of the load generator: payload to event text. */
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { eventIdOf, toRunId, toSeq } from "../../../src/core/ids.ts";
import { noAttributes } from "../../../src/core/message.ts";
import { createCatalog } from "../../../src/normalize/create-catalog.ts";
import { parseProfile } from "../../../src/normalize/language/parse-profile.ts";
import { createNormalizer } from "../../../src/normalize/normalizer.ts";
import { createEventEncoder } from "../../support/event-encoder.ts";
import { origin, topic } from "./sample-event.ts";

/** Gives the text of the event of each payload; the working folder must be the project's. */
export function sampleNormalizer(): (payload: Buffer) => string {
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
  let seq = 0;
  return (payload) => {
    const found = normalize(
      {
        source: "bench",
        address: topic,
        payload,
        receivedMs: Date.now(),
        client: undefined,
        device: undefined,
        attributes: noAttributes,
      },
      true,
    );
    if (found.passedOver !== undefined || found.event.kind !== "measurement")
      throw new Error("the sample does not fit its profile");
    seq += 1;
    return encode(found.event, eventIdOf(origin.gateway, run, toSeq(seq)));
  };
}
