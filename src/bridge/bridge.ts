/**
 * Carries streams on to other systems: the role.
 *
 * What is for each target is shared out by partitions of sites among the bridges that are there. A target
 * that takes nothing holds up its own events and nobody else's.
 */
import { type EpochMs, sleep } from "../core/clock.ts";
import { GatewayError } from "../core/errors.ts";
import { partitionOf, positionsBucket } from "../core/subject.ts";
import { lookAtGateways, type SeenGateway } from "../stream/discover-gateways.ts";
import { cacheBucket } from "../stream/kv.ts";
import type { Colleagues } from "../stream/roll.ts";
import type { ToldTrouble } from "../stream/roll-entry.ts";
import { Shares } from "../stream/shares.ts";
import { behindIn } from "./behind.ts";
import type { TargetOptions } from "./options.ts";
import { Share, type ShareDependencies } from "./share.ts";
import { formatShare, parseShare } from "./share-name.ts";
import { Target, type TargetDependencies } from "./target.ts";
import type { TargetCounts } from "./target-counters.ts";
import type { Failing } from "./target-health.ts";
import { wantedOf } from "./wanted-events.ts";

const lookEveryMs = 5_000;
/** Messages on their way at once, over all gateways of one target. */
const totalInFlight = 10_000;
const fewestInFlight = 50;
const mostInFlight = 2_000;
/** How long a process counts on its shares after it was on the roll; less than others wait for it. */
const countOnMs = 6_000;
/** So much of a reason others are told. */
const mostReason = 300;

/** How it goes with one target. Counts are since the start of the process, and of this one alone. */
export interface TargetState extends TargetCounts {
  readonly name: string;
  readonly kind: TargetOptions["kind"];
  /** The shares of its work that this process does, of those that there are. */
  readonly shares: number;
  readonly sharesElsewhere: number;
  /** Messages of the streams of these shares that were not carried, as they were counted last. */
  readonly behind: number;
  /** Letters in memory. */
  readonly waiting: number;
  readonly savedMs: EpochMs | undefined;
  readonly failing: Failing | undefined;
  readonly lastError: string | undefined;
}

export interface BridgeState {
  readonly targets: readonly TargetState[];
}

/** The running role. */
export interface Bridge {
  /** Begins in the background; never fails, waits for backbone and targets as long as it takes. */
  start(): void;
  /** What was not carried is carried after the next start. */
  stop(): Promise<void>;
  state(): BridgeState;
}

export interface BridgeDependencies
  extends Omit<ShareDependencies, "wanted" | "isOwnEcho" | "mayWrite" | "messagesInFlight">,
    Omit<TargetDependencies, "bucket"> {
  readonly targets: readonly TargetOptions[];
  /** What this site calls its bridges to others; with the target's name, their name for echoes. */
  readonly site: string;
  /** The other bridges on the backbone. */
  readonly colleagues: Colleagues;
}

export function createBridge(deps: BridgeDependencies): Bridge {
  const { backbone, backboneOptions, clock, logger } = deps;
  const stopping = new AbortController();
  const { signal } = stopping;
  const bucket = cacheBucket(backbone, positionsBucket, backboneOptions);
  const targets = new Map(
    deps.targets.map((options) => [options.name, new Target(options, { ...deps, bucket })]),
  );
  let shares: Shares<Share> | undefined;
  let looking: Promise<void> = Promise.resolve();
  let seen: readonly SeenGateway[] = [];
  let onRollMs = Number.NEGATIVE_INFINITY;

  const colleagues: Colleagues = {
    async call(holds, ended) {
      const beganMs = clock.monotonicMs();
      const company = await deps.colleagues.call(holds, ended, troublesOf(targets.values()));
      onRollMs = beganMs;
      return company;
    },
    leave: (ended) => deps.colleagues.leave(ended),
  };
  const mayWrite = (): boolean => clock.monotonicMs() - onRollMs < countOnMs;
  const messagesInFlight = (): number =>
    Math.min(
      mostInFlight,
      Math.max(fewestInFlight, Math.floor(totalInFlight / (seen.length || 1))),
    );
  const gatewaysOf = (partition: number): SeenGateway[] =>
    seen.filter(({ gateway }) => partitionOf(gateway.site) === partition);

  const open = (text: string): Share => {
    const name = parseShare(text);
    const target = targets.get(name.target);
    if (!target) throw new GatewayError("internal.bug", `there is no target ${name.target}`);
    const own = echoName(deps.site, name.target);
    const share = new Share(name, target, {
      ...deps,
      wanted: wantedOf(target.options.what),
      mayWrite,
      messagesInFlight,
      isOwnEcho({ carriedBy }) {
        const isEcho = carriedBy.includes(own);
        if (isEcho) target.counters.note("echoes", 1);
        return isEcho;
      },
    });
    share.follow(gatewaysOf(name.partition).map(({ gateway }) => gateway));
    return share;
  };

  const look = async (present: Shares<Share>): Promise<void> => {
    while (!signal.aborted) {
      try {
        seen = (await lookAtGateways(await backbone.connected(signal))).gateways;
        const partitions = [...new Set(seen.map(({ gateway }) => partitionOf(gateway.site)))];
        for (const target of targets.keys())
          present.want(partitions.map((partition) => formatShare({ target, partition })));
        for (const [name, share] of present.held)
          share.follow(gatewaysOf(parseShare(name).partition).map(({ gateway }) => gateway));
        for (const target of targets.values()) await target.lookForSkipped(signal);
      } catch (thrown) {
        if (signal.aborted) return;
        const { message } = GatewayError.from(thrown, "stream.unavailable", "cannot look");
        logger.debug("gateways were not looked for", { reason: message });
      }
      for (const target of targets.values()) {
        const { behind, failing } = stateOf(target);
        target.counters.show(behind, failing ? clock.wallMs() - failing.sinceMs : 0);
      }
      await sleep(clock, lookEveryMs, signal);
    }
  };

  const stateOf = (target: Target): TargetState => {
    const { counters, health, options } = target;
    const { kind, name } = options;
    const isOurs = (share: string): boolean => parseShare(share).target === name;
    const held = Array.from(shares?.held ?? []).filter(([share]) => isOurs(share));
    const savedMs = held.flatMap(([, { positions }]) => positions?.savedMs ?? []);
    return {
      ...{ name, kind, ...counters.counts() },
      shares: held.length,
      sharesElsewhere: (shares?.elsewhere ?? []).filter(({ share }) => isOurs(share)).length,
      behind: held.reduce((sum, [share, { positions }]) => {
        const streams = gatewaysOf(parseShare(share).partition);
        return (
          sum +
          streams.reduce((all, each) => all + behindIn(each, positions?.of(each.gateway.stream)), 0)
        );
      }, 0),
      waiting: held.reduce((sum, [, { waiting }]) => sum + waiting, 0),
      savedMs: savedMs.length > 0 ? Math.max(...savedMs) : undefined,
      failing: health.failing,
      lastError: health.lastError,
    };
  };

  return {
    start() {
      shares = new Shares({ clock, logger, colleagues, open });
      looking = look(shares);
    },
    async stop() {
      stopping.abort();
      await looking;
      await shares?.stop();
      await Promise.all(Array.from(targets.values(), (target) => target.close()));
    },
    state: () => ({ targets: Array.from(targets.values(), stateOf) }),
  };
}

/** Told to who looks on from another process, such as a console; by the names of targets. */
function troublesOf(targets: Iterable<Target>): Record<string, ToldTrouble> {
  const troubles: Record<string, ToldTrouble> = {};
  for (const { health, options } of targets) {
    const { failing, lastError } = health;
    const reason = (failing?.reason ?? lastError)?.slice(0, mostReason);
    if (reason === undefined) continue;
    const { letter, sinceMs } = failing ?? {};
    troubles[options.name] = {
      reason,
      ...(sinceMs !== undefined && { sinceMs }),
      ...(letter !== undefined && { item: letter }),
    };
  }
  return troubles;
}

/** What the extension `bridgedby` calls a bridge: no two sites have the same. */
export function echoName(site: string, target: string): string {
  return `${encodeURIComponent(site)}/${target}`;
}
