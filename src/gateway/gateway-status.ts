/** The gateway's half of `sluicegate status`: one object of plain values, stable by its schema. */
import type { Severity } from "../core/alert.ts";
import type { Clock, EpochMs } from "../core/clock.ts";
import type { Origin } from "../core/event.ts";
import type { LogState } from "../core/log-accounts.ts";
import type { BusMember, LinkState, Source } from "../core/message.ts";
import type { RecordLog } from "../core/record-log.ts";
import type { Refusal } from "../core/refusal.ts";
import type { ForwardState } from "../forward/forward-status.ts";
import type { Announcer } from "./announcer.ts";
import type { BoxState } from "./box-watch.ts";
import type { BufferOutlook, FlowRates, FlowWatch } from "./flow-watch.ts";
import type { Ingest } from "./ingest.ts";
import { type LinkWord, linkWordOf } from "./link-word.ts";
import type { PassedOverCount } from "./passed-over.ts";

export interface GatewayStatus {
  readonly schema: "sluicegate.status/1";
  readonly site: string;
  readonly gateway: string;
  readonly uptimeMs: number;
  readonly link: ForwardState & {
    readonly server: string | undefined;
    /** In the word that people are shown; this and the next absent where an earlier version runs. */
    readonly word?: LinkWord;
    /** When a backbone that is out of reach is looked for again. */
    readonly nextTryMs?: EpochMs | undefined;
  };
  readonly buffer: LogState;
  readonly flow: {
    readonly received: number;
    readonly rejected: number;
    /** This and what follows absent where an earlier version runs. */
    readonly passedOver?: number;
    readonly late?: number;
    readonly repeats?: number;
    readonly rates?: FlowRates;
  };
  /** What becomes of the buffer; absent where an earlier version runs. */
  readonly outlook?: BufferOutlook;
  /** What was counted and not stored, most first. Absent where an earlier version runs. */
  readonly passedOver?: readonly PassedOverCount[];
  /** Records that earlier runs gave up for good; `buffer.droppedRecords` are this run's. */
  readonly droppedBefore: number;
  /** Configured ones, and those that were met, by earlier runs too. */
  readonly devices: number;
  /** So many of them are in each state. Absent where an earlier version runs. */
  readonly deviceStates?: Readonly<Record<string, number>>;
  /** Devices that described themselves, and what was not taken of it; absent from an earlier version. */
  readonly descriptions?: DescriptionStatus;
  /** Commands to devices; absent where an earlier version runs. */
  readonly commands?: CommandCounts;
  /** Rules that the gateway evaluates itself; absent where there are none. */
  readonly edgeRules?: EdgeRulesStatus;
  /** The machine under it; absent where an earlier version runs. */
  readonly box?: BoxState;
  /** It was told to drain: nothing more is taken from devices. Absent while it takes what comes. */
  readonly closed?: true;
  readonly sources: readonly {
    readonly name: string;
    readonly address: string;
    readonly holding: boolean;
    /** Absent where devices come by themselves, and where an earlier version runs. */
    readonly link?: LinkState | undefined;
    /** Absent where an earlier version runs. */
    readonly refusals?: readonly Refusal[];
    /** Devices on its bus; absent where it asks none. */
    readonly members?: readonly BusMember[] | undefined;
    /** How much of the time its line is in use, 0 to 1. */
    readonly load?: number | undefined;
  }[];
}

/** How it stands with the rules that the gateway evaluates itself. */
export interface EdgeRulesStatus {
  readonly rules: number;
  /** Records that are durable and not judged yet. */
  readonly behind: number;
  readonly firing: {
    /** By severity. */
    readonly counts: Readonly<Record<Severity, number>>;
    /** The most severe first, then the oldest; a few of them. */
    readonly first: readonly {
      readonly rule: string;
      readonly severity: Severity;
      readonly labels: Readonly<Record<string, string>>;
      readonly stale: boolean;
      readonly started_at: string;
    }[];
  };
  /** Those that are told from here. */
  readonly receivers: readonly {
    readonly name: string;
    readonly waiting: number;
    readonly delivered: number;
    /** Never told: refused, tried for too long, or too many waited. */
    readonly givenUp: number;
    /** Why the last attempt failed; absent where it did not. */
    readonly trouble?: string;
  }[];
  /** What could not be taken in, by kind. */
  readonly mishaps: Readonly<Record<string, number>>;
}

/** How it stands with commands to devices. */
export interface CommandCounts {
  /** Read and without an end; of them, those of which nothing left. */
  readonly open: number;
  readonly waiting: number;
  /** By how they ended, since the start. */
  readonly ended: Readonly<Record<string, number>>;
  /** What is wrong, for people. */
  readonly trouble?: string;
}

/** How it stands with devices that describe themselves. */
export interface DescriptionStatus {
  readonly devices: number;
  /** The latest first: about which device or topic, why, how often, when last. */
  readonly refused: readonly {
    readonly about: string;
    readonly reason: string;
    readonly count: number;
    readonly lastMs: EpochMs;
  }[];
}

/** What of the connection to the backbone is shown. */
export interface BackboneSight {
  readonly server: string | undefined;
  readonly nextTryMs: EpochMs | undefined;
}

export interface GatewayParts {
  readonly announcer: Announcer;
  readonly ingest: Ingest;
  readonly link: () => ForwardState;
  readonly flow: FlowWatch;
  readonly log: Pick<RecordLog, "state">;
  readonly origin: Origin;
  readonly backbone: () => BackboneSight;
  readonly sources: readonly Source[];
  /** How the machine is. */
  readonly box?: () => BoxState;
  /** True once it was told to drain. */
  readonly isClosed?: () => boolean;
  readonly startedMs: EpochMs;
  readonly clock: Clock;
  readonly deviceStates: () => Readonly<Record<string, number>>;
  readonly droppedBefore: number;
  readonly descriptions: () => DescriptionStatus;
  readonly commands: () => CommandCounts;
  readonly edgeRules: () => EdgeRulesStatus | undefined;
}

/** How the gateway is now. Cheap: nothing is read from disk or network. */
export function gatewayStatus(parts: GatewayParts): GatewayStatus {
  const { clock, flow, ingest, log, origin, startedMs } = parts;
  const link = parts.link();
  const { droppedMs } = flow;
  const edgeRules = parts.edgeRules();
  return {
    schema: "sluicegate.status/1",
    site: origin.site,
    gateway: origin.gateway,
    uptimeMs: clock.wallMs() - startedMs,
    link: {
      ...link,
      ...parts.backbone(),
      word: linkWordOf({ link, droppedMs, startedMs }, clock),
    },
    buffer: log.state(),
    flow: { ...ingest.counts, rates: flow.rates() },
    outlook: flow.outlook(),
    passedOver: ingest.passedOver.list(),
    droppedBefore: parts.droppedBefore,
    devices: parts.announcer.count,
    deviceStates: parts.deviceStates(),
    descriptions: parts.descriptions(),
    commands: parts.commands(),
    ...(edgeRules && { edgeRules }),
    ...(parts.box && { box: parts.box() }),
    ...(parts.isClosed?.() && { closed: true }),
    sources: parts.sources.map(({ address, holding, link, load, members, name, refusals }) => ({
      ...{ name, address, holding, link, refusals, members, load },
    })),
  };
}
