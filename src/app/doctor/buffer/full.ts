import { formatDuration } from "../../../core/duration.ts";
import { formatSize } from "../../../core/size.ts";
import type { Check } from "../check.ts";
import { error, ok, warning } from "../finding.ts";

const soonMs = 24 * 3_600_000;
const verySoonMs = 3_600_000;

export const bufferFull: Check = {
  id: "buffer.full",
  group: "buffer",
  asks: "when the buffer is full, if all goes on as it does",
  explanation:
    "While the backbone is away, events wait on disk. When the buffer is full the oldest are given up (buffer.on_full: drop_oldest), or devices are not answered any more (refuse). Bring the backbone back before that, or raise buffer.max_bytes and restart: what waits is kept.",
  async run({ roles }) {
    const { gateway } = await roles();
    if (!gateway) return [];
    const { maxBytes, trouble, waitingRecords, writable } = gateway.buffer;
    if (!writable)
      return [
        error({
          what: `nothing can be made durable: ${trouble ?? "no reason is known"}`,
          why: "devices are not answered, and keep what they have, if they can",
          next: "df -h and dmesg on this machine; free room or replace the disk",
        }),
      ];
    const { fullInMs } = gateway.outlook ?? {};
    const waits = `${waitingRecords} events wait, of ${formatSize(maxBytes)}`;
    if (fullInMs === undefined || fullInMs >= soonMs) return [ok(waits)];
    const bad = {
      what: `${waits}; full in about ${formatDuration(fullInMs)}`,
      why: "then the oldest events are given up, or devices are not answered",
      next: "bring the backbone back, or raise buffer.max_bytes",
    };
    return [fullInMs < verySoonMs ? error(bad) : warning(bad)];
  },
};
