/** Set-up of a stream, always read back: an old server drops settings it does not know in silence. */
import type { NatsConnection } from "@nats-io/transport-node";
import { GatewayError } from "../core/errors.ts";
import { type BatchesAllowed, batchesOf, withBatches } from "./allow-batches.ts";
import { readStreamInfo, type StreamFacts, streamApi, toStreamFacts } from "./message-get.ts";
import { findDifferences, type StreamContract, toStreamConfig } from "./stream-contract.ts";
import { apiCodeOf, apiCodes, toStreamError } from "./stream-error.ts";

/** A stream that may be used. */
export interface EnsuredStream extends StreamFacts {
  /** True when this call made it. */
  readonly made: boolean;
  /** Settings that an operator has changed, in words. They are left alone. */
  readonly tuned: readonly string[];
  readonly batches: BatchesAllowed;
}

/**
 * Creates the stream when it is missing, and checks it in any case. Rejects with
 * `stream.contract-mismatch` and every difference in words when it cannot carry the promise. An
 * existing stream is never changed. `beforeMaking` is awaited before a missing one is made.
 */
export async function ensureStream(
  connection: NatsConnection,
  contract: StreamContract,
  beforeMaking?: () => Promise<void>,
): Promise<EnsuredStream> {
  const { name } = contract;
  const existing = await readStreamInfo(connection, name);
  if (!existing) {
    await beforeMaking?.();
    await createStream(connection, contract);
  }
  const info = existing ?? (await readStreamInfo(connection, name));
  if (!info) {
    throw new GatewayError("stream.unavailable", `stream ${name} vanished after it was created`);
  }
  const { promised, tuned } = findDifferences(info.config, contract);
  // What was asked for a moment ago and is not there was dropped by the server.
  const broken = existing ? promised : [...promised, ...tuned];
  if (broken.length > 0) {
    const advice = existing
      ? "change it on the server or give this gateway another id"
      : "the server took the stream but not these settings; use a newer nats-server";
    throw new GatewayError(
      "stream.contract-mismatch",
      `stream ${name} has other settings: ${broken.join("; ")}; ${advice}`,
    );
  }
  return { ...toStreamFacts(info), made: !existing, tuned, batches: batchesOf(info) };
}

async function createStream(connection: NatsConnection, contract: StreamContract): Promise<void> {
  const { streams } = await streamApi(connection);
  const config = toStreamConfig(contract);
  try {
    if (contract.batches && (await isMade(streams.add(withBatches(config))))) return;
    await streams.add(config);
  } catch (thrown) {
    throw toStreamError(thrown, `cannot create stream ${contract.name}`);
  }
}

/** False where the server refuses settings that it does not know; most drop them. */
async function isMade(making: Promise<unknown>): Promise<boolean> {
  try {
    await making;
    return true;
  } catch (thrown) {
    if (apiCodeOf(thrown) === apiCodes.notUnderstood) return false;
    throw thrown;
  }
}
