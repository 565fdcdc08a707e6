/** A site as users have it, with the profiles that come along, and its way from messages to events. */
import { stringify } from "yaml";
import { type LoadedSite, loadSite } from "../../src/config/site/load-site.ts";
import { machineFiles, type SiteFiles } from "../../src/config/site/site-files.ts";
import type { RawMessage } from "../../src/core/message.ts";
import type { Normalized } from "../../src/normalize/normalized.ts";
import { createNormalizer } from "../../src/normalize/normalizer.ts";
import type { Conversation } from "./conversation.ts";

const ownFolder = "/site/profiles";

type Site = Pick<Conversation, "site" | "profile" | "devices">;

/** Sites that differ in nothing are read once. */
const known = new Map<string, ReturnType<typeof load>>();

/** Loads the configuration, as a start does, and gives the function that reads its messages. */
export async function givenSite({
  devices,
  profile,
  site,
}: Site): Promise<(message: RawMessage) => Normalized> {
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
  return (message) => normalize(message, true);
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
