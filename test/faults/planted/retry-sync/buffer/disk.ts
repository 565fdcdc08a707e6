/** A sync that failed is tried again on the same file, until the system calls it done. */
import { systemClock } from "../../../../../src/app/system-clock.ts";
import { nodeDisk as real } from "../../../../../src/buffer/disk.ts";
import { sleep } from "../../../../../src/core/clock.ts";
import { withFiles } from "../../with-files.ts";

export const nodeDisk = withFiles(real, (file) => {
  const sync = (): Promise<void> =>
    file.sync().catch(async () => {
      await sleep(systemClock, 10);
      await sync();
    });
  return { sync };
});
