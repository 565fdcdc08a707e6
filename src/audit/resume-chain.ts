/** Where a log goes on that is opened again, and what is wrong with what is found. */
import { parseAuditLine } from "./audit-entry.ts";
import { type ChainHead, cutText, hashOf, noHash } from "./chain.ts";

export interface FoundLog {
  /** What the file beside says; undefined where it is gone or damaged. */
  readonly head: ChainHead | undefined;
  /** The last line that is there. */
  readonly lastLine: string | undefined;
}

export interface ResumedChain {
  readonly head: ChainHead;
  /** In words; undefined where all is as it was left. */
  readonly trouble: string | undefined;
}

/**
 * It goes on behind what was written last, even where that is gone: so the break stays to be seen.
 * Lines behind the end that the file beside tells are what a power cut leaves between the two.
 */
export function resumeChain({ head, lastLine }: FoundLog, newChain: () => string): ResumedChain {
  const link = lastLine === undefined ? undefined : parseAuditLine(lastLine)?.link;
  const hash = lastLine === undefined ? noHash : hashOf(lastLine);
  if (!head) {
    if (!link) return whole({ chain: newChain(), first: 1, seq: 0, hash });
    const { chain, seq } = link;
    const trouble = `the file that says where it ends is gone or damaged; it goes on behind ${seq}`;
    return { head: { chain, first: seq, seq, hash }, trouble };
  }
  if (head.seq === 0 && !link) return whole(head);
  if (link?.chain !== head.chain)
    return { head, trouble: `its last ${head.seq} entries are gone: the file is another one` };
  if (link.seq > head.seq) return whole({ ...head, seq: link.seq, hash });
  if (link.seq < head.seq) return { head, trouble: cutText(link.seq, head.seq) };
  if (hash !== head.hash) return { head, trouble: `its last entry, ${link.seq}, was changed` };
  return whole(head);
}

function whole(head: ChainHead): ResumedChain {
  return { head, trouble: undefined };
}
