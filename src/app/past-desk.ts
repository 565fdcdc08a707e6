/** What streams hold of the past, joined by hand for those who ask from a command line. */

import type { SitePlace } from "../config/site/read-site-place.ts";
import { sleep } from "../core/clock.ts";
import type { Origin } from "../core/event.ts";
import { isEventKind } from "../core/event-kind.ts";
import { matchesGlob } from "../core/glob.ts";
import { type DeviceId, toStreamSeq } from "../core/ids.ts";
import { deviceToken, gatewaySubjectPrefix } from "../core/subject.ts";
import { type EntryFilter, isWanted, subjectsOf } from "../past/entry-filter.ts";
import { mergeByReceipt } from "../past/merge-by-receipt.ts";
import { otherStreams } from "../past/other-streams.ts";
import { type OtherKind, type PastEntry, readEventEntry } from "../past/past-entry.ts";
import { clockMarginMs, readPages, type StreamPart } from "../past/read-pages.ts";
import type { Backbone } from "../stream/backbone.ts";
import { connectInTime } from "../stream/connect-in-time.ts";
import { lookAtGateways } from "../stream/discover-gateways.ts";
import { getLastMessage, readStreamFacts } from "../stream/message-get.ts";
import { readPage } from "../stream/read-page.ts";
import { findEntry } from "./find-entry.ts";
import { noServerAdvice } from "./no-server-advice.ts";
import { openBackboneFor } from "./open-backbone-for.ts";
import { siteBackboneOptions } from "./site-backbone.ts";
import { systemClock } from "./system-clock.ts";

const connectMs = 5_000;
const lookAgainMs = 500;
/** Messages that are held of all streams together, and of one. */
const mostHeld = 20_000;
const fullPage = 2_000;
const smallPage = 20;

type Connection = Awaited<ReturnType<Backbone["connected"]>>;

/** Ends the reading of what is to come; `follow` goes on behind what is there now. */
export interface Reading {
  readonly filter: EntryFilter;
  readonly follow: boolean;
  readonly signal: AbortSignal;
  /** Awaited when everything was given that there is now. */
  readonly onCaughtUp?: () => Promise<void>;
}

export class PastDesk {
  readonly backbone: Backbone;
  readonly servers: readonly string[];
  #strays = 0;

  constructor({ config, folder }: SitePlace, servers: readonly string[], name: string) {
    this.servers = servers;
    this.backbone = openBackboneFor(
      siteBackboneOptions({ site: { config, folder }, servers }),
      name,
    );
  }

  /** Messages that are no events and were passed over. */
  get strays(): number {
    return this.#strays;
  }

  close(): Promise<void> {
    return this.backbone.close();
  }

  connected(signal?: AbortSignal): Promise<Connection> {
    const patience = { servers: this.servers, timeoutMs: connectMs, advice: noServerAdvice };
    return connectInTime(this.backbone, { ...patience, ...(signal && { signal }) });
  }

  /** The one with this id; undefined where no stream holds it now. */
  async find(id: string): Promise<PastEntry | undefined> {
    return findEntry(await this.connected(), id);
  }

  /** The gateways whose streams hold anything of a device now. */
  async gatewaysWith(device: DeviceId): Promise<readonly Origin[]> {
    const connection = await this.connected();
    const { gateways } = await lookAtGateways(connection);
    const found: Origin[] = [];
    for (const { gateway } of gateways) {
      const { site, stream } = gateway;
      const subjects = `${gatewaySubjectPrefix(site, gateway.gateway)}${deviceToken(device)}.*`;
      if (await getLastMessage(connection, stream, subjects))
        found.push({ site, gateway: gateway.gateway });
    }
    return found;
  }

  /**
   * Gives what is asked for, each stream in its order and merged by receipt; of streams that are made
   * while it follows, too. Ends after the signal.
   */
  async *read({ filter, follow, onCaughtUp, signal }: Reading): AsyncGenerator<PastEntry> {
    const readTo = new Map<string, number>();
    do {
      const connection = await this.connected(signal).catch((thrown: unknown) => {
        if (!signal.aborted) throw thrown;
      });
      if (!connection) return;
      const parts = await partsToRead(connection, filter, readTo);
      const deps = {
        page: readPage.bind(undefined, connection),
        pageMessages: Math.max(
          smallPage,
          Math.min(fullPage, Math.ceil(mostHeld / (parts.length + 1))),
        ),
        onStray: () => {
          this.#strays += 1;
        },
      };
      for await (const entry of mergeByReceipt(parts.map((part) => readPages(part, deps)))) {
        if (signal.aborted) return;
        if (isWanted(entry, filter)) yield entry;
      }
      await onCaughtUp?.();
      if (follow) await sleep(systemClock, lookAgainMs, signal);
    } while (follow && !signal.aborted);
  }
}

/** What is new in each stream since it was read; notes how far it will be. */
async function partsToRead(
  connection: Connection,
  filter: EntryFilter,
  readTo: Map<string, number>,
): Promise<readonly StreamPart[]> {
  const { gateway, kinds, site, untilMs } = filter;
  const parts: StreamPart[] = [];
  const add = (
    key: string,
    to: number,
    part: Pick<StreamPart, "stream" | "natsSubjectFilter" | "read">,
  ): void => {
    const before = readTo.get(key);
    readTo.set(key, to);
    if (before === to || to === 0) return;
    // A stream that is shorter than it was is another one.
    const next = toStreamSeq(before === undefined || before > to ? 1 : before + 1);
    const storedMs = filter.sinceMs - clockMarginMs;
    const from = before === undefined && storedMs > 0 ? { storedMs } : next;
    parts.push({ ...part, from, to, untilMs });
  };
  if ([...kinds].some(isEventKind)) {
    const { gateways } = await lookAtGateways(connection);
    for (const { gateway: found, lastSeq } of gateways) {
      if (gateway !== undefined && !matchesGlob(gateway, found.gateway)) continue;
      if (site !== undefined && !matchesGlob(site, found.site)) continue;
      const natsSubjectFilter = subjectsOf(found, filter);
      add(found.stream, lastSeq, { stream: found.stream, natsSubjectFilter, read: readEventEntry });
    }
  }
  for (const kind of kinds) {
    if (!isOtherKind(kind)) continue;
    const other = otherStreams[kind];
    const facts = await readStreamFacts(connection, other.stream);
    if (facts) add(kind, facts.lastSeq, other);
  }
  return parts;
}

function isOtherKind(kind: string): kind is OtherKind {
  return Object.hasOwn(otherStreams, kind);
}
