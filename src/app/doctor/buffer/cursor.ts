import { readCursorSlots } from "../../../buffer/tools/open-buffer-folder.ts";
import type { Check } from "../check.ts";
import { ok, warning } from "../finding.ts";

export const bufferCursor: Check = {
  id: "buffer.cursor",
  group: "buffer",
  asks: "whether the cursor can be read, which says how far the backbone has everything",
  explanation:
    "The cursor is kept twice. Where neither copy can be read, nothing is lost: at the next start the stream is asked how far it is, and what may be missing is sent again. It is a sign of a medium that fails. sluicegate buffer repair writes it anew.",
  async run({ buffer }) {
    const folder = await buffer();
    const { confirmed } = folder.cursor;
    if (folder.isCursorWhole)
      return [ok(confirmed ? `the backbone has all up to ${confirmed.seq}` : "nothing sent yet")];
    const slots = await readCursorSlots(folder.disk, folder.logFolder);
    if (slots.every((slot) => slot.every((byte) => byte === 0))) return [ok("nothing sent yet")];
    return [
      warning({
        what: confirmed
          ? `one of its copies is damaged; the other says ${confirmed.seq}`
          : "neither of its copies can be read",
        why: "a hint is lost, no record: the stream is asked at the next start",
        next: "sluicegate buffer repair, while the gateway is stopped",
      }),
    ];
  },
};
