/**
 * Faults that tests plant in a real process, by the environment variable `SLUICEGATE_FAULT`.
 *
 * Each breaks one promise on purpose, so that a test can demand that its check notices.
 */
import { GatewayError } from "../core/errors.ts";

export type PlantedFault =
  /** The forwarder is never shown record number `n`: one event gets lost. */
  | { readonly kind: "drop-record"; readonly n: number }
  /** Messages are acknowledged before they are on disk, and the disk is slow to hear of them. */
  | { readonly kind: "ack-early" }
  /** Syncing does nothing. */
  | { readonly kind: "no-sync" }
  /** A sync that failed is tried again on the same file, until the system calls it done. */
  | { readonly kind: "retry-sync" }
  /** Publishes carry no expected sequence. */
  | { readonly kind: "no-fence" }
  /** Publishing goes on behind the log's own note, whatever the stream holds. */
  | { readonly kind: "no-reconcile" }
  /** Open QoS 2 messages are forgotten with the process that received them. */
  | { readonly kind: "qos2-forgets" }
  /** Alert transitions are appended without a look at what is stored already. */
  | { readonly kind: "alerts-unfenced" };

/** The faults that are a word only. */
const plainFaults = [
  "ack-early",
  "no-sync",
  "retry-sync",
  "no-fence",
  "no-reconcile",
  "qos2-forgets",
  "alerts-unfenced",
] as const;

/** Reads the variable; undefined when it is not set. Throws `usage` for an unknown fault. */
export function plantedFault(env: NodeJS.ProcessEnv): PlantedFault | undefined {
  const text = env["SLUICEGATE_FAULT"];
  if (text === undefined || text === "") return undefined;
  const drop = /^drop-record:([1-9]\d*)$/.exec(text);
  if (drop) return { kind: "drop-record", n: Number(drop[1]) };
  const plain = plainFaults.find((fault) => fault === text);
  if (plain) return { kind: plain };
  throw new GatewayError("usage", `SLUICEGATE_FAULT=${text} is not a fault that can be planted`);
}
