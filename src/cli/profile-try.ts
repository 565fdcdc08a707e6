/** `sluicegate profile try`: what the profiles of a site make of messages. */

import { systemClock } from "../app/system-clock.ts";
import type { LoadedSite } from "../config/site/load-site.ts";
import { GatewayError } from "../core/errors.ts";
import type { GatewayEvent } from "../core/event.ts";
import { noAttributes, type RawMessage } from "../core/message.ts";
import type { Catalog } from "../normalize/catalog.ts";
import { createCatalog } from "../normalize/create-catalog.ts";
import { createNormalizer } from "../normalize/normalizer.ts";
import { type Rank, rankProfiles } from "../normalize/suggest/rank-profiles.ts";
import type { Sample } from "../normalize/suggest/sample.ts";
import { Findings } from "../normalize/walk/findings.ts";
import { type GivenOptions, givenMessages } from "./given-messages.ts";
import { printAnswer } from "./print-answer.ts";
import { siteOf } from "./site.ts";
import { describeFacts } from "./tap-lines.ts";

export interface TryOptions extends GivenOptions {
  readonly topic?: string;
  readonly profile?: string;
  readonly output?: "text" | "json";
}

const mostOthers = 3;

/** Prints for each message its events, what nobody reads in it, and who else could; exit 1 when none is read. */
export async function tryProfiles(options: TryOptions): Promise<void> {
  const site = await siteOf(options.config);
  const catalog = catalogOf(site, options.profile);
  if (options.topic === undefined && options.live === undefined)
    throw new GatewayError("usage", "say where it is sent: --topic");
  const samples = await givenMessages(options, options.topic ?? "");
  const messages = samples.map((sample) => tried(sample, catalog, site));
  if (messages.some(({ isRead }) => !isRead)) process.exitCode = 1;
  printAnswer(options, "profile-try/1", { messages: messages.map(plain) }, () =>
    messages.flatMap(linesOf),
  );
}

/** What became of one message. */
interface Tried {
  readonly topic: string;
  readonly passedOver: string | undefined;
  readonly events: readonly GatewayEvent[];
  /** What nobody reads in it. */
  readonly unread: readonly { readonly place: string; readonly sample: string }[];
  /** Other profiles that could read it, the best first. */
  readonly others: readonly Rank[];
  /** Something was made of it, or it is known to say nothing. */
  readonly isRead: boolean;
}

function catalogOf(site: LoadedSite, name: string | undefined): Catalog {
  if (name === undefined) return site.catalog;
  const bare = name.replace(/@\d+$/, "");
  const profile = [...site.profiles.keys()].find((one) => one.name === bare);
  if (profile === undefined)
    throw new GatewayError(
      "not-found",
      `there is no profile ${name}; sluicegate profile ls lists them`,
    );
  const device = { id: "example", profile: bare, topic: "#", tags: {}, attrs: {} };
  const catalog = createCatalog({ profiles: [profile], devices: [device], generic: false });
  if (catalog.ok) return catalog.value;
  throw new GatewayError("config.invalid", catalog.faults.map(({ message }) => message).join("; "));
}

function tried(sample: Sample, catalog: Catalog, { config, profiles }: LoadedSite): Tried {
  const unread = new Findings();
  const normalize = createNormalizer({
    catalog,
    maxSkewMs: config.time.max_skew,
    maxAgeMs: config.time.max_age,
    maxRejectedBytes: 0,
    unread,
  });
  const found = normalize(messageOf(sample), true);
  const { topic } = sample;
  const { passedOver } = found;
  if (passedOver !== undefined)
    return { topic, passedOver, events: [], unread: [], others: [], isRead: true };
  const events = [found, ...(found.more ?? [])].map(({ event }) => event);
  const used = new Set(events.map(({ profile }) => profile));
  const others = rankProfiles(profiles.keys(), [sample]).filter(
    (rank) => !used.has(rank.profile.id),
  );
  return {
    ...{ topic, passedOver, events },
    unread: [...unread.list()],
    others: others.slice(0, mostOthers),
    isRead: events.some(({ kind }) => kind !== "rejection"),
  };
}

function linesOf({ events, others, passedOver, topic, unread }: Tried): string[] {
  if (passedOver !== undefined) return [topic, `  passed over: ${passedOver}`];
  return [
    topic,
    ...events.flatMap((event) => {
      const misfits = event.extensions?.["misfits"];
      const said = `  ${profileOf(event) ?? "no profile"}: ${describeFacts(event)}`;
      return misfits === undefined ? [said] : [said, `    does not fit: ${misfits}`];
    }),
    ...unread.map(({ place, sample }) => `    nobody reads ${place}: ${sample}`),
    ...others.map(
      ({ left, profile, values }) =>
        `  ${profile.id} could read it: ${values} values, ${left} left`,
    ),
  ];
}

/** For programs. */
function plain({ events, others, passedOver, topic, unread }: Tried): object {
  return {
    topic,
    passedOver: passedOver ?? null,
    events: events.map((event) => ({
      kind: event.kind,
      device: event.device,
      profile: profileOf(event) ?? null,
      timeMs: event.timeMs,
      clock: event.clock,
      misfits: event.extensions?.["misfits"] ?? null,
      data: event.data,
    })),
    unread: unread.map(({ place, sample }) => ({ place, sample })),
    others: others.map(({ left, profile, values }) => ({ profile: profile.id, values, left })),
  };
}

function profileOf(event: GatewayEvent): string | undefined {
  return event.kind === "rejection" ? event.data.profile : event.profile;
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
