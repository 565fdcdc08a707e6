/**
 * What the streams must look like: the one place where their settings are written.
 *
 * Settings come in two sorts. Those of the promise decide whether events can be lost, reordered or
 * deleted by somebody; a stream that differs there is not used. The others are the operator's, who
 * may have changed them on the server for good reasons; they are only mentioned.
 */
import { DiscardPolicy, RetentionPolicy, StorageType, type StreamConfig } from "@nats-io/jetstream";
import { formatDuration } from "../core/duration.ts";
import type { Origin } from "../core/event.ts";
import {
  alertsStream,
  allAlerts,
  allCommands,
  allDerived,
  allOperatorActions,
  allPlans,
  allRefusedPoints,
  allSetAside,
  bridgeAsideStream,
  commandsStream,
  derivedStream,
  gatewayStream,
  gatewaySubjects,
  historyRejectedStream,
  notifyLogStream,
  plansStream,
} from "../core/subject.ts";
import type { BackboneOptions } from "./options.ts";

const dayMs = 86_400_000;
const nanosPerMs = 1_000_000;
/** Where no message carries an id that the server would remember: the cheapest it allows. */
const noIdsMs = 1_000;
/** Longer than a server of a cluster goes back when it reads its own log again after a crash. */
const rememberedIdsMs = 3_600_000;

/** Of points that a database refuses, and of what bridges set aside; the oldest go first. */
const mostRefusedBytes = 256 * 1_048_576;

/** The header that carries the event id of a message in a gateway's stream. */
export const eventIdHeader = "Ce-Id";

/** What a stream of ours is for and how much it keeps. */
export interface StreamContract {
  readonly name: string;
  readonly subjects: readonly string[];
  readonly maxAgeMs: number;
  /** Undefined for no limit. */
  readonly maxBytes?: number | undefined;
  /** Undefined for no limit. */
  readonly maxMessagesPerSubject?: number;
  /** How long the server remembers ids of messages; undefined where they have none. */
  readonly duplicateWindowMs?: number;
  readonly replicas: number;
  /** It is made to take batches by servers that can. No difference where it does not. */
  readonly batches?: boolean;
}

/** The stream of one gateway, which is its only writer. */
export function gatewayStreamContract(origin: Origin, options: BackboneOptions): StreamContract {
  return {
    name: gatewayStream(origin.gateway),
    subjects: [gatewaySubjects(origin.site, origin.gateway)],
    maxAgeMs: options.retention.max_age,
    maxBytes: options.retention.max_bytes,
    replicas: options.replicas,
  };
}

/** The stream of alert transitions (`alert.c`) and operator actions (`alert.o`). */
export function alertsStreamContract(options: BackboneOptions): StreamContract {
  return {
    name: alertsStream,
    subjects: [allAlerts, allOperatorActions],
    maxAgeMs: 400 * dayMs,
    maxMessagesPerSubject: 1_000,
    duplicateWindowMs: rememberedIdsMs,
    replicas: options.replicas,
  };
}

/** The stream of commands to devices, as long as a site wants to know who did what. */
export function commandsStreamContract(options: BackboneOptions): StreamContract {
  return {
    name: commandsStream,
    subjects: [allCommands],
    maxAgeMs: 90 * dayMs,
    replicas: options.replicas,
  };
}

/** The stream of runs of plans; the last message of a run is how it is. */
export function plansStreamContract(options: BackboneOptions): StreamContract {
  return {
    name: plansStream,
    subjects: [allPlans],
    maxAgeMs: 400 * dayMs,
    maxMessagesPerSubject: 10_000,
    duplicateWindowMs: rememberedIdsMs,
    replicas: options.replicas,
  };
}

/** The stream of values that rules compute out of others: as long as people look back over years. */
export function derivedStreamContract(options: BackboneOptions): StreamContract {
  return {
    name: derivedStream,
    subjects: [allDerived],
    maxAgeMs: 400 * dayMs,
    replicas: options.replicas,
  };
}

/** The stream of delivery attempts. */
export function notifyLogStreamContract(options: BackboneOptions): StreamContract {
  return {
    name: notifyLogStream,
    subjects: ["notify.>"],
    maxAgeMs: 30 * dayMs,
    replicas: options.replicas,
  };
}

/** The stream of refused points; the last message of a point says whether it still is one. */
export function historyRejectedStreamContract(options: BackboneOptions): StreamContract {
  return {
    name: historyRejectedStream,
    subjects: [allRefusedPoints],
    maxAgeMs: 90 * dayMs,
    maxBytes: mostRefusedBytes,
    maxMessagesPerSubject: 1,
    replicas: options.replicas,
  };
}

/** The stream of what bridges set aside; the last message of a letter says what became of it. */
export function bridgeAsideStreamContract(options: BackboneOptions): StreamContract {
  return {
    name: bridgeAsideStream,
    subjects: [allSetAside],
    maxAgeMs: 90 * dayMs,
    maxBytes: mostRefusedBytes,
    maxMessagesPerSubject: 1,
    replicas: options.replicas,
  };
}

/** The configuration to create a stream with. */
export function toStreamConfig(contract: StreamContract): PromisedConfig & TunedConfig {
  return {
    name: contract.name,
    subjects: [...contract.subjects],
    storage: StorageType.File,
    retention: RetentionPolicy.Limits,
    discard: DiscardPolicy.Old,
    deny_delete: true,
    deny_purge: true,
    no_ack: false,
    sealed: false,
    max_msgs: -1,
    max_msg_size: -1,
    max_msgs_per_subject: contract.maxMessagesPerSubject ?? -1,
    max_age: contract.maxAgeMs * nanosPerMs,
    max_bytes: contract.maxBytes ?? -1,
    num_replicas: contract.replicas,
    duplicate_window: (contract.duplicateWindowMs ?? noIdsMs) * nanosPerMs,
    allow_direct: true,
  };
}

type PromisedConfig = Pick<StreamConfig, "name" | (typeof promisedSettings)[number]>;
type TunedConfig = Pick<StreamConfig, (typeof tunedSettings)[number]>;

const promisedSettings = [
  "subjects",
  "storage",
  "retention",
  "discard",
  "deny_delete",
  "deny_purge",
  "no_ack",
  "sealed",
  "max_msgs",
  "max_msg_size",
  "max_msgs_per_subject",
] as const;

const tunedSettings = [
  "max_age",
  "max_bytes",
  "num_replicas",
  "duplicate_window",
  "allow_direct",
] as const;

/** How a stream differs from its contract, each setting in words. */
export interface StreamDifferences {
  /** Settings of the promise: with any of these the stream is not used. */
  readonly promised: readonly string[];
  /** Settings that are the operator's own to change. */
  readonly tuned: readonly string[];
}

/** Compares a stream's configuration, as the server gave it back, with its contract. */
export function findDifferences(
  found: Partial<StreamConfig>,
  contract: StreamContract,
): StreamDifferences {
  const wanted = toStreamConfig(contract);
  const differing = (settings: readonly (keyof typeof wanted & keyof StreamConfig)[]): string[] => {
    const words: string[] = [];
    for (const setting of settings) {
      const has = sayValue(setting, found[setting]);
      const wants = sayValue(setting, wanted[setting]);
      if (has !== wants) words.push(`${setting} is ${has}, not ${wants}`);
    }
    return words;
  };
  const promised = differing(promisedSettings);
  if (found.mirror) promised.push(`it mirrors ${found.mirror.name}`);
  if (found.sources?.length) {
    promised.push(`it is filled from ${found.sources.map((source) => source.name).join(", ")}`);
  }
  return { promised, tuned: differing(tunedSettings) };
}

/** A setting as people read it. A setting that the server does not know counts as off. */
function sayValue(setting: keyof StreamConfig, value: unknown): string {
  switch (setting) {
    case "max_age":
    case "duplicate_window":
      return typeof value === "number" ? formatDuration(value / nanosPerMs) : "unset";
    case "deny_delete":
    case "deny_purge":
    case "no_ack":
    case "sealed":
    case "allow_direct":
      return value === true ? "on" : "off";
    case "max_msgs":
    case "max_msg_size":
    case "max_msgs_per_subject":
    case "max_bytes":
      return typeof value === "number" && value > 0 ? String(value) : "unlimited";
    default:
      return Array.isArray(value) ? value.join(" and ") : String(value ?? "unset");
  }
}
