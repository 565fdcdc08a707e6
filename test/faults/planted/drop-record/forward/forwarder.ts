/** The forwarder is never shown one record: an event gets lost. */
import type { RecordLog } from "../../../../../src/core/record-log.ts";
import { createForwarder as real } from "../../../../../src/forward/forwarder.ts";
import { instead } from "../../../../support/instead.ts";

const dropped = 200;

export const createForwarder: typeof real = (deps) => {
  const { log } = deps;
  const openReader: RecordLog["openReader"] = async (...args) => {
    const reader = await log.openReader(...args);
    return instead(reader, {
      next: async (maxRecords) => {
        const records = await reader.next(maxRecords);
        const kept = records.filter(({ seq }) => seq !== dropped);
        return kept.length === 0 && records.length > 0 ? reader.next(maxRecords) : kept;
      },
    });
  };
  return real({ ...deps, log: instead(log, { openReader }) });
};
