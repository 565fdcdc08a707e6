import type { StreamConfig } from "@nats-io/jetstream";
import type { NatsConnection } from "@nats-io/transport-node";
import type { EpochMs } from "../core/clock.ts";
import { streamApi } from "./message-get.ts";
import { toStreamError } from "./stream-error.ts";

/** A stream at one moment, as the server tells of it. */
export interface SeenStream {
  readonly name: string;
  readonly config: StreamConfig;
  readonly messages: number;
  readonly bytes: number;
  readonly firstSeq: number;
  /** Never goes back while the stream lives. */
  readonly lastSeq: number;
  /** When its oldest and its newest message were stored; undefined where it holds none. */
  readonly firstMs: EpochMs | undefined;
  readonly lastMs: EpochMs | undefined;
}

/** All streams there are, by name. */
export async function listStreams(connection: NatsConnection): Promise<readonly SeenStream[]> {
  const streams: SeenStream[] = [];
  try {
    for await (const { config, state } of (await streamApi(connection)).streams.list()) {
      const { bytes, first_seq: firstSeq, last_seq: lastSeq, messages } = state;
      const [firstMs, lastMs] = [state.first_ts, state.last_ts].map(msOf);
      streams.push({
        ...{ name: config.name, config, messages, bytes, firstSeq, lastSeq },
        firstMs: messages > 0 ? firstMs : undefined,
        lastMs: lastSeq > 0 ? lastMs : undefined,
      });
    }
  } catch (thrown) {
    throw toStreamError(thrown, "cannot list the streams");
  }
  return streams.sort((one, other) => (one.name < other.name ? -1 : 1));
}

function msOf(time: unknown): EpochMs | undefined {
  const ms = Date.parse(String(time));
  return ms > 0 ? ms : undefined;
}
