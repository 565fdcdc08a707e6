/** How many messages of some subjects a stream holds, asked again and again. */
import { jetstreamManager } from "@nats-io/jetstream";
import { connect } from "@nats-io/transport-node";
import { systemClock } from "../../src/app/system-clock.ts";
import { sleep } from "../../src/core/clock.ts";

const lookEveryMs = 50;

export interface StoredCount {
  /** 0 where there is no such stream. */
  read(): Promise<number>;
  /**
   * Resolves once `wanted` are there, or for `stillMs` no more came; gives how many there are, and
   * when the last of them was seen, by the wall clock.
   */
  settled(wanted: number, stillMs: number): Promise<{ count: number; lastMs: number }>;
  close(): Promise<void>;
}

export async function openStoredCount(
  natsUrl: string,
  stream: string,
  subjects: string,
): Promise<StoredCount> {
  const connection = await connect({ servers: natsUrl, noAsyncTraces: true });
  const { streams } = await jetstreamManager(connection, { checkAPI: false });
  const read = async (): Promise<number> => {
    const facts = await streams.info(stream, { subjects_filter: subjects }).catch(() => undefined);
    return Object.values(facts?.state.subjects ?? {}).reduce((sum, count) => sum + count, 0);
  };
  return {
    read,
    async settled(wanted, stillMs) {
      let count = await read();
      let lastMs = systemClock.wallMs();
      while (count < wanted && systemClock.wallMs() - lastMs < stillMs) {
        await sleep(systemClock, lookEveryMs);
        const now = await read();
        if (now !== count) lastMs = systemClock.wallMs();
        count = now;
      }
      return { count, lastMs };
    },
    close: () => connection.close(),
  };
}
