/** A site as users have it, with the profiles that come along, and its way from messages to events. */
import { stringify } from "yaml";
import { type LoadedSite, loadSite } from "../../src/config/site/load-site.ts";
import { machineFiles, type SiteFiles } from "../../src/config/site/site-files.ts";
import type { GatewayEvent } from "../../src/core/event.ts";
import { createDrafter } from "../../src/core/event-draft.ts";
import type { RecordClass } from "../../src/core/event-kind.ts";
import { GatewayTime } from "../../src/core/gateway-time.ts";
import { toGatewayId, toSeq, toSiteId } from "../../src/core/ids.ts";
import type { RawMessage } from "../../src/core/message.ts";
import { Ingest } from "../../src/gateway/ingest.ts";
import { LastMessages } from "../../src/gateway/last-messages.ts";
import { createNormalizer } from "../../src/normalize/normalizer.ts";
import { ManualClock } from "../support/manual-clock.ts";
import { silentMetrics } from "../support/silence.ts";
import type { Conversation } from "./conversation.ts";

const ownFolder = "/site/profiles";

type Site = Pick<Conversation, "site" | "profile" | "devices">;

/** An event that was stored. */
export interface StoredEvent {
  readonly event: GatewayEvent;
  readonly recordClass: RecordClass;
}

/** Sites that differ in nothing are read once. */
const known = new Map<string, ReturnType<typeof load>>();

/**
 * Loads the configuration, as a start does, and gives the function that takes messages in: it tells
 * what was stored, or why nothing was.
 */
export async function givenSite({
  devices,
  profile,
  site,
}: Site): Promise<(message: RawMessage) => readonly StoredEvent[] | string> {
  const of = { devices, profile, site };
  const key = JSON.stringify(of);
  const loading = known.get(key) ?? load(of);
  known.set(key, loading);
  const { catalog, config } = await loading;
  const normalize = createNormalizer({
    catalog,
    maxSkewMs: config.time.max_skew,
    maxAgeMs: config.time.max_age,
    maxRejectedBytes: config.rejections.max_payload,
  });
  const clock = new ManualClock();
  const drafter = createDrafter({ site: toSiteId("plant-a"), gateway: toGatewayId("gw1") });
  let stored: StoredEvent[] = [];
  let last = toSeq(0);
  let passed: string | undefined;
  const ingest = new Ingest({
    clock,
    log: {
      append: () => {
        last = toSeq(last + 1);
        return last;
      },
      get lastSeq() {
        return last;
      },
      get durableSeq() {
        return last;
      },
      onDurable: () => () => {},
    },
    draft: (event, ...rest) => {
      const draft = drafter(event, ...rest);
      stored.push({ event, recordClass: draft.recordClass });
      return draft;
    },
    normalize: (message) => {
      const normalized = normalize(message, true);
      passed = normalized.passedOver;
      return normalized;
    },
    time: new GatewayTime(clock, 0),
    lastMessages: new LastMessages([], { remembered: () => {} }),
    taps: { wanted: () => false, offer: () => {} },
    metrics: silentMetrics,
    met: () => {},
    named: () => null,
    noted: () => {},
    repeated: () => {},
    counted: () => {},
  });
  return (message) => {
    stored = [];
    passed = undefined;
    ingest.message(message);
    return stored.length > 0 ? stored : (passed ?? "repeat");
  };
}

async function load(of: Site): Promise<LoadedSite> {
  const profiles = {
    ...(of.site === "generic" && { generic: true }),
    ...(of.profile !== undefined && { folders: [ownFolder] }),
  };
  const configuration = stringify({
    site: "plant-a",
    gateway: { id: "gw1" },
    profiles,
    ...(of.devices && { devices: of.devices }),
  });
  const result = await loadSite("/site/sluicegate.yaml", filesWith(configuration, of.profile));
  if (!result.ok) throw new Error(JSON.stringify(result.faults, null, 2));
  return result.site;
}

/** The machine's files, and those of a site that lies in memory. */
function filesWith(configuration: string, profile: string | undefined): SiteFiles {
  const machine = machineFiles({});
  const [, maker = "", model = ""] = /^profile: ([^/\n]+)\/(.+)$/m.exec(profile ?? "") ?? [];
  const texts = new Map([
    ["/site/sluicegate.yaml", configuration],
    [`${ownFolder}/${maker}/${model}.yaml`, profile ?? ""],
  ]);
  const folders = new Map([
    [ownFolder, [maker]],
    [`${ownFolder}/${maker}`, [`${model}.yaml`]],
  ]);
  return {
    ...machine,
    readFile: async (path) => {
      const text = texts.get(path);
      return text === undefined ? machine.readFile(path) : Buffer.from(text);
    },
    listFolder: async (path) => folders.get(path) ?? machine.listFolder(path),
  };
}
