import { statfs } from "node:fs/promises";
import { join } from "node:path";
import { formatSize } from "../../../core/size.ts";
import type { Check } from "../check.ts";
import { dataFolderOf, nearestFolder } from "../data-folder.ts";
import { error, ok, warning } from "../finding.ts";
import { folderBytes } from "../folder-bytes.ts";

export const diskSpace: Check = {
  id: "disk.space",
  group: "machine",
  asks: "whether the volume has the room that the buffer may grow to",
  explanation:
    "The buffer grows to buffer.max_bytes while the backbone is away, and leaves buffer.min_free on its volume. Where the volume is smaller, the outage that it was sized for is not survived: the oldest events are given up before that. Free room, move gateway.data, or lower buffer.max_bytes to what is true.",
  async run({ place }) {
    const site = await place();
    const { max_bytes, min_free } = site.config.buffer;
    const data = dataFolderOf(site);
    const volume = await statfs(await nearestFolder(data));
    const free = volume.bavail * volume.bsize;
    const used = await folderBytes(join(data, "log"));
    const mayGrow = Math.max(0, max_bytes - used);
    const room = Math.max(0, free - min_free);
    const what = `${formatSize(free)} free at ${data}, where the buffer may grow by ${formatSize(mayGrow)} and leaves ${formatSize(min_free)}`;
    const short = formatSize(mayGrow - room);
    if (volume.files > 0 && volume.ffree === 0)
      return [
        error({
          what: `no inode is free at ${data}`,
          why: "no file can be made, so no new segment either",
          next: `find what has so many files: du --inodes -d 2 ${data}/..`,
        }),
      ];
    if (free <= min_free)
      return [
        error({
          what,
          why: "nothing is left to write to: the buffer gives up its oldest events, or takes none",
          next: `free ${short} on that volume, or move gateway.data`,
        }),
      ];
    if (room < mayGrow)
      return [
        warning({
          what,
          why: "an outage as long as the buffer was sized for is not survived",
          next: `free ${short}, or lower buffer.max_bytes to ${formatSize(used + room)}`,
        }),
      ];
    return [ok(what)];
  },
};
