/** What the programs of the bench are asked, and the one line of JSON that each answers. */
import type { LoadReport } from "../../../src/simulate/load-generator.ts";
import type { HistoryShape } from "../history-events.ts";

/** QoS 1 load on a broker. */
export interface LoadArguments {
  readonly url: string;
  readonly connections: number;
  readonly window: number;
  readonly payloadBytes: number;
  readonly total: number;
  /** Without it as fast as PUBACKs come. */
  readonly ratePerSecond?: number;
  /** Nothing new behind this time. Without it until the total is sent. */
  readonly seconds?: number;
  /** Default: a freezer of `payloadBytes`. */
  readonly says?: "freezer" | "sensor";
  /** In front of the names of the devices, so that no two loads share one. */
  readonly name: string;
}

/** The live stream of a console, with its topics. */
export interface StreamReaderArguments {
  readonly url: string;
  readonly token: string;
}

/** Gateways of one process. */
export interface FleetArguments {
  readonly natsUrl: string;
  readonly gateways: number;
  /** Of each gateway. */
  readonly devices: number;
  /** Which they share. */
  readonly sites: number;
  /** So long the first device of each stays over the limit, and so long below it. */
  readonly swingSeconds: number;
}

/** Clients that send as fast as they are taken. */
export interface FloodArguments {
  readonly url: string;
  readonly connections: number;
}

export interface LoadAnswer {
  readonly report: LoadReport;
  /** Wall clock, before the first connection was opened. */
  readonly startedMs: number;
  /** Per device the highest number that holds a PUBACK; all below it hold one, too. */
  readonly acked: readonly (readonly [device: string, n: number])[];
  /** Processor time that the load itself took. */
  readonly cpuMs: number;
}

/** A broker that runs until it is ended. */
export interface BrokerAnswer {
  readonly port: number;
}

export interface CountArguments {
  readonly count: number;
}

export interface LogArguments extends CountArguments {
  readonly folder: string;
  readonly encrypted: boolean;
}

export interface DiskArguments extends CountArguments {
  readonly folder: string;
  /** Without it one after the other. */
  readonly ratePerSecond?: number;
}

export interface PublishArguments extends CountArguments {
  readonly natsUrl: string;
  /** Through the forwarder's lane that has each record answered, its lane of batches, or none. */
  readonly lane: "records" | "batches" | "none";
  /** Publishes that may be unanswered. */
  readonly window: number;
}

export interface InfluxArguments {
  readonly url: string;
  readonly database: string;
  readonly shape: HistoryShape;
  /** Points in one write, and writes under way. */
  readonly batch: number;
  readonly atOnce: number;
}

/** How fast something was. */
export interface RateAnswer {
  readonly perSecond: number;
}

export interface HandOverAnswer extends RateAnswer {
  /** What a message takes of the thread that hands it over. */
  readonly ownUs: number;
}

export interface InfluxAnswer extends RateAnswer {
  /** Processor time for each point. */
  readonly cpuUs: number;
}

export interface LogAnswer {
  readonly appendedPerSecond: number;
  readonly readPerSecond: number;
}

/** How long one small write and its fdatasync took. */
export interface DiskAnswer {
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** What a message of one profile takes, in microseconds. */
export interface ProfileCost {
  readonly name: string;
  /** How many the message gives. */
  readonly events: number;
  readonly decodeUs: number;
  readonly metricsUs: number;
  readonly encodeUs: number;
}

export interface CodecsAnswer {
  readonly codecs: readonly { readonly name: string; readonly us: number }[];
  readonly profiles: readonly ProfileCost[];
}

export interface RegistryArguments extends CountArguments {
  readonly devices: number;
  readonly folder: string;
}

/** What the registry of devices costs. */
export interface RegistryAnswer {
  /** Processor time to write one event, in microseconds: alone, and with its being noted. */
  readonly withoutUs: number;
  readonly withUs: number;
  /** Of being noted alone. */
  readonly aloneUs: number;
  /** Of all devices. */
  readonly memoryBytes: number;
  /** One save, and the longest that everything else waited in it. */
  readonly saveMs: number;
  readonly turnMs: number;
  readonly fileBytes: number;
  readonly readMs: number;
}
