/** Everything that roles need on a backbone, made by who may: then none of them needs the right to make. */
import type { NatsConnection } from "@nats-io/transport-node";
import type { Origin } from "../core/event.ts";
import {
  checkpointsBucket,
  commandsCopyStream,
  leasesBucket,
  positionsBucket,
} from "../core/subject.ts";
import { lookAtCopy, makeCopy, removeCopy } from "./commands-copy.ts";
import { ensureStream } from "./ensure-stream.ts";
import { openBucket } from "./kv.ts";
import { readStreamInfo } from "./message-get.ts";
import type { BackboneOptions } from "./options.ts";
import {
  alertsStreamContract,
  bridgeAsideStreamContract,
  commandsStreamContract,
  derivedStreamContract,
  gatewayStreamContract,
  historyRejectedStreamContract,
  notifyLogStreamContract,
  plansStreamContract,
} from "./stream-contract.ts";

/** What is there now, or would be. */
export interface PreparedPart {
  /** The name of the stream, with `KV_` before that of a bucket. */
  readonly name: string;
  readonly state: "there" | "made" | "made anew" | "stands still";
  /** For people: settings that somebody changed, or that may do harm. */
  readonly notes: readonly string[];
}

export interface Preparation {
  readonly gateways: readonly Origin[];
  readonly options: BackboneOptions;
  /** Looks, and says what it would make. */
  readonly dryRun: boolean;
  /** Copies of commands that stand still are removed and made again. */
  readonly anew: boolean;
}

/** Makes what is missing, part by part, so that it can be shown as it goes on. Changes nothing else. */
export async function* prepareBackbone(
  connection: NatsConnection,
  { anew, dryRun, gateways, options }: Preparation,
): AsyncGenerator<PreparedPart> {
  const common = [
    alertsStreamContract,
    commandsStreamContract,
    plansStreamContract,
    derivedStreamContract,
    notifyLogStreamContract,
    historyRejectedStreamContract,
    bridgeAsideStreamContract,
  ].map((contract) => contract(options));
  const own = gateways.map((origin) => gatewayStreamContract(origin, options));
  for (const contract of [...common, ...own]) {
    const { name } = contract;
    if (dryRun && !(await readStreamInfo(connection, name))) {
      yield { name, state: "made", notes: [] };
      continue;
    }
    const { made, tuned } = await ensureStream(connection, contract);
    yield { name, state: made ? "made" : "there", notes: tuned };
  }
  for (const bucket of [positionsBucket, checkpointsBucket, leasesBucket]) {
    const name = `KV_${bucket}`;
    const before = await readStreamInfo(connection, name);
    if (!before && !dryRun) await openBucket(connection, bucket, options.replicas);
    const notes = before?.config.allow_rollup_hdrs
      ? ["a header may clear it: who writes one key can remove all; make allow_rollup_hdrs false"]
      : [];
    yield { name, state: before ? "there" : "made", notes };
  }
  for (const origin of gateways) yield await prepareCopy(connection, origin);

  async function prepareCopy(to: NatsConnection, origin: Origin): Promise<PreparedPart> {
    const name = commandsCopyStream(origin.gateway);
    const state = await lookAtCopy(to, origin);
    if (state === "good") return { name, state: "there", notes: [] };
    if (state === "foreign")
      return {
        name,
        state: "stands still",
        notes: ["it is no copy of commands; rename or remove it"],
      };
    if (state === "stuck" && !anew)
      return {
        name,
        state: "stands still",
        notes: ["the stream of commands is another one now; --anew makes the copy again"],
      };
    if (!dryRun) {
      if (state === "stuck") await removeCopy(to, origin);
      await makeCopy(to, origin, options);
    }
    return { name, state: state === "stuck" ? "made anew" : "made", notes: [] };
  }
}
