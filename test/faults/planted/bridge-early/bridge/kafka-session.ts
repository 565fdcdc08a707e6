/** Broken: where we are is written before what it speaks of, in a transaction of its own. */
import { KafkaSession as RealKafkaSession } from "../../../../../src/bridge/kafka-session.ts";
import type { BatchSession } from "../../../../../src/bridge/link.ts";

export const KafkaSession = {
  async begin(...facts: Parameters<typeof RealKafkaSession.begin>): Promise<BatchSession> {
    const session = await RealKafkaSession.begin(...facts);
    return {
      positions: session.positions,
      async carry(letters, positions, setAside) {
        await session.carry([], positions, setAside);
        await session.carry(letters, positions, setAside);
      },
      end: () => session.end(),
    };
  },
};
