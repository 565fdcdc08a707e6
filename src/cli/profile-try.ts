/** `sluicegate profile try`: what the profiles of a site make of messages. */

import { systemClock } from "../app/system-clock.ts";
import type { LoadedSite } from "../config/site/load-site.ts";
import { GatewayError } from "../core/errors.ts";
import { noAttributes, type RawMessage } from "../core/message.ts";
import { printable } from "../core/printable.ts";
import type { Catalog } from "../normalize/catalog.ts";
import { createCatalog } from "../normalize/create-catalog.ts";
import { createNormalizer } from "../normalize/normalizer.ts";
import { rankProfiles } from "../normalize/suggest/rank-profiles.ts";
import type { Sample } from "../normalize/suggest/sample.ts";
import { Findings } from "../normalize/walk/findings.ts";
import { type GivenOptions, givenMessages } from "./given-messages.ts";
import { siteOf } from "./site.ts";
import { describeFacts } from "./tap-lines.ts";

export interface TryOptions extends GivenOptions {
  readonly topic?: string;
  readonly profile?: string;
}

const mostOthers = 3;

/** Prints for each message its events, what nobody reads in it, and who else could; exit 1 when none is read. */
export async function tryProfiles(options: TryOptions): Promise<void> {
  const site = await siteOf(options.config);
  const catalog = catalogOf(site, options.profile);
  if (options.topic === undefined && options.live === undefined)
    throw new GatewayError("usage", "say where it is sent: --topic");
  for (const sample of await givenMessages(options, options.topic ?? "")) {
    const lines = linesOf(sample, catalog, site);
    process.stdout.write(lines.map((line) => `${printable(line)}\n`).join(""));
  }
}

function catalogOf(site: LoadedSite, name: string | undefined): Catalog {
  if (name === undefined) return site.catalog;
  const bare = name.replace(/@\d+$/, "");
  const profile = [...site.profiles.keys()].find((one) => one.name === bare);
  if (profile === undefined)
    throw new GatewayError("not-found", `there is no profile ${name}; profile ls lists them`);
  const device = { id: "example", profile: bare, topic: "#", tags: {}, attrs: {} };
  const catalog = createCatalog({ profiles: [profile], devices: [device], generic: false });
  if (catalog.ok) return catalog.value;
  throw new GatewayError("config.invalid", catalog.faults.map(({ message }) => message).join("; "));
}

function linesOf(sample: Sample, catalog: Catalog, { config, profiles }: LoadedSite): string[] {
  const unread = new Findings();
  const normalize = createNormalizer({
    catalog,
    maxSkewMs: config.time.max_skew,
    maxAgeMs: config.time.max_age,
    maxRejectedBytes: 0,
    unread,
  });
  const found = normalize(messageOf(sample), true);
  const lines = [sample.topic];
  if (found.passedOver !== undefined) return [...lines, `  passed over: ${found.passedOver}`];
  const events = [found, ...(found.more ?? [])].map(({ event }) => event);
  for (const event of events) {
    const profile = event.kind === "rejection" ? event.data.profile : event.profile;
    lines.push(`  ${profile ?? "no profile"}: ${describeFacts(event)}`);
    const misfits = event.extensions?.["misfits"];
    if (misfits !== undefined) lines.push(`    does not fit: ${misfits}`);
  }
  for (const { place, sample: value } of unread.list())
    lines.push(`    nobody reads ${place}: ${value}`);
  if (events.every(({ kind }) => kind === "rejection")) process.exitCode = 1;
  const used = new Set(events.map(({ profile }) => profile));
  for (const { left, profile, values } of rankProfiles(profiles.keys(), [sample])
    .filter((rank) => !used.has(rank.profile.id))
    .slice(0, mostOthers))
    lines.push(`  ${profile.id} could read it: ${values} values, ${left} left`);
  return lines;
}

function messageOf({ payload, topic }: Sample): RawMessage {
  return {
    source: "try",
    address: topic,
    payload,
    receivedMs: systemClock.wallMs(),
    client: undefined,
    device: undefined,
    attributes: noAttributes,
  };
}
