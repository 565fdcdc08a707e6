/** Alerts as they are stored: a log of transitions with ids that any replay makes again. */
import { type SiteId, toSiteId } from "./ids.ts";

export type Severity = "info" | "warning" | "critical";

/** The states of an alert's condition; `pending` and `keeping` are never stored as transitions. */
export type AlertState = "ok" | "pending" | "firing" | "keeping";

/**
 * How an alert is to be handled, as its rule says: nothing of it changes when an alert fires. What is
 * absent is as usual.
 */
export interface AlertHandling {
  /** Normal again is not enough: somebody has to reset it. */
  readonly latch?: true;
  /** Stays listed until somebody acknowledged it; usual for critical ones only. */
  readonly ack_required?: boolean;
  /** Told again so often while it fires and nobody acknowledged it. */
  readonly renotify_every_ms?: number;
  /** Usual: 6 changes within 10 minutes. */
  readonly flapping?: { readonly changes: number; readonly within_ms: number } | "off";
  /** Hidden while one of these alerts, alike in the labels named by `equal`, explains it. */
  readonly suppressed_by?: readonly SuppressedBy[];
  /** Receivers by name, in place of those that the routes give. */
  readonly notify?: readonly string[];
  readonly runbook_url?: string;
}

export interface SuppressedBy {
  /** `alert`, or `group/alert`. */
  readonly alert: string;
  readonly equal: readonly string[];
}

/** A change of an episode that is stored and notified. */
export interface AlertTransition {
  readonly schema: "alert.transition/1";
  /** `<episode>.<n>`. */
  readonly id: string;
  /** The first 16 hex digits of sha256(instance, started_at). */
  readonly episode: string;
  /** 1, 2, ... within the episode. */
  readonly n: number;
  /** fnv1a64 of group, alert and the values of the key, 16 hex digits. */
  readonly instance: string;
  /** `group/alert`. */
  readonly rule: string;
  /** Hash of the fields of the rule that evaluate. */
  readonly rule_rev: string;
  /** Found by the gateway itself, which the hub takes it from; absent for what the hub found. */
  readonly evaluated?: "edge";
  readonly state: "firing" | "ended";
  /**
   * `for_elapsed`, `level`, `stale`, `fresh`, `normal`, `no_data`, `rule_removed`; `data_lost` and
   * `rule_changed` where the rules cannot come to the open episode any more; `device_removed` and
   * `gateway_removed` where what it is about is gone; `cleared` by a person; `stuck` and `settled` of a run of a plan.
   */
  readonly reason: string;
  readonly severity: Severity;
  /** Learned so long after it happened that nobody should be woken as if it were new. */
  readonly late: boolean;
  /** The value behind it is older than `hold`. */
  readonly stale: boolean;
  /**
   * A mark for the record, nobody is told of it: the value of an alert that fires on grew stale or
   * came back. Absent where `on_missing` makes that news.
   */
  readonly quiet?: true;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly handling?: AlertHandling;
  readonly value?: number | boolean | string;
  readonly limit?: number | readonly [number, number] | boolean | string;
  /** SenML unit; of a rate with its time behind it, such as `Cel/min`. */
  readonly unit?: string;
  /** Of an anomaly: what the value should have been about, and its score, which `limit` is for. */
  readonly expected?: number;
  readonly score?: number;
  /** Event times, RFC 3339: computed from the data, equal in every replay. */
  readonly started_at: string;
  /** When the episode first fired; a change of level does not move it. */
  readonly fired_at: string;
  readonly ended_at: string | null;
  /** When this change happened, event time: what `late` is judged by. */
  readonly at: string;
  /** Wall clock of the processor; with `late` and the trace the only fields a replay may change. */
  readonly observed_at: string;
  /**
   * Id of the last event that was read when it was found. Absent where it was found in no event of a
   * gateway, such as rule files that are broken, and in those of the first version.
   */
  readonly read_up_to?: string;
  /** Of an alert about a site: the same of each other gateway of the site. */
  readonly read_also?: readonly string[];
  /** The trace of the event that made it change, as W3C Trace Context has it, where that had one. */
  readonly traceparent?: string;
  readonly tracestate?: string;
}

/** The site that an alert is about something of; every alert has that label. */
export function siteOfAlert({ labels }: Pick<AlertTransition, "labels">): SiteId {
  return toSiteId(labels["site"] ?? "");
}
