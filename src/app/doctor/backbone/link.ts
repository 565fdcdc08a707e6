import type { LinkWord } from "../../../gateway/link-word.ts";
import type { Check } from "../check.ts";
import { error, type Finding, ok, warning } from "../finding.ts";

type Judge = (what: string) => Finding;

const judges: Readonly<Record<LinkWord, Judge>> = {
  linked: (what) => ok(what),
  connecting: (what) => ok(what),
  draining: (what) => ok(what),
  buffering: (what) =>
    warning({
      what,
      why: "events wait on the disk of this machine; nothing is lost while there is room",
      next: "bring the backbone back; sluicegate status says how long the room lasts",
    }),
  blocked: (what) =>
    error({
      what,
      why: "the backbone answers and does not take events; they wait on disk",
      next: "mend what it says, then sluicegate status --wait linked",
    }),
  dropping: (what) =>
    error({
      what,
      why: "the buffer is full and events are given up; each loss is declared in a gap event",
      next: "bring the backbone back, or raise buffer.max_bytes",
    }),
};

export const link: Check = {
  id: "gateway.link",
  group: "backbone",
  asks: "whether the running gateway sends what it takes",
  explanation:
    "Buffering: the backbone is away. Blocked: it answers and takes nothing, by rights, by another writer of the stream, or for want of room. Dropping: the buffer is full. Each says why.",
  async run({ roles }) {
    const { gateway } = await roles();
    if (!gateway) return [];
    const { kind, reason, server, word = "connecting" } = gateway.link;
    const tail = reason ?? server ?? kind;
    return [judges[word](`${word}: ${tail}`)];
  },
};
