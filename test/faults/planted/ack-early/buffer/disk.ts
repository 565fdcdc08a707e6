/** So slow to take what it is given that a kill finds much of it not written. */
import { systemClock } from "../../../../../src/app/system-clock.ts";
import { nodeDisk as real } from "../../../../../src/buffer/disk.ts";
import { sleep } from "../../../../../src/core/clock.ts";
import { withFiles } from "../../with-files.ts";

export const nodeDisk = withFiles(real, (file) => ({
  write: async (buffers, position) => {
    await sleep(systemClock, 50);
    return file.write(buffers, position);
  },
}));
