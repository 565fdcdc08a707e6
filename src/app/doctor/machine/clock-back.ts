import { isLocked } from "../../../buffer/lock.ts";
import { showBuffer } from "../../../buffer/tools/show-buffer.ts";
import { formatDuration } from "../../../core/duration.ts";
import { formatTime } from "../../../core/event-codec.ts";
import type { Check } from "../check.ts";
import { error, ok, warning } from "../finding.ts";

const littleMs = 2_000;
const muchMs = 3_600_000;

export const clockBack: Check = {
  id: "clock.back",
  group: "machine",
  asks: "whether the clock went back behind what is written on disk",
  explanation:
    "The newest record in the buffer carries the time at which it was written. Where that is in the future, the clock went back since: it was wrong before, or is wrong now. Order and exactly once do not depend on it; ages, limits of time and rules do. See clock.offset for who keeps it right.",
  async run({ buffer, clock }) {
    const folder = await buffer();
    const { segments } = await showBuffer(folder, await isLocked(folder.dataFolder));
    const newestMs = segments.reduce((most, { lastMs = 0 }) => Math.max(most, lastMs), 0);
    const backMs = newestMs - clock.wallMs();
    if (backMs < littleMs) return [ok("it is behind nothing that was written")];
    const bad = {
      what: `the newest record is of ${formatTime(newestMs)}, ${formatDuration(backMs)} from now`,
      why: "ages, limits of time and rules go by a clock that is wrong now, or was",
      next: "sluicegate doctor --only clock.offset; timedatectl set-ntp true",
    };
    return [backMs < muchMs ? warning(bad) : error(bad)];
  },
};
