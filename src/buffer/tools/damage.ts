/** What `buffer verify` finds, in the words that people read. */
import { counted } from "../../core/counted.ts";
import type { SeqRange } from "../format/gap-ranges.ts";

/** One place that is not as it was written. */
export interface Damage {
  /** Name of the file in the log's folder. */
  readonly file: string;
  readonly offset: number;
  readonly bytes: number;
  /**
   * `payload`, `forged`, `record-header`, `segment-header`, `footer`, `tail`, `missing`, `unreadable`, `foreign`,
   * `misnamed`, `cursor`.
   */
  readonly kind: string;
  /** Records that are lost with it, as far as seqs can be named. */
  readonly lost: SeqRange | undefined;
  /** A gap event says already that these records are lost: the log accounts for them. */
  readonly declared: boolean;
}

const sentences: Readonly<Record<string, string>> = {
  payload: "payload damaged",
  forged: "a record that was not closed with the key of its segment: somebody else wrote it",
  "record-header": "record header damaged",
  "segment-header": "segment header damaged; its records can still be read",
  footer: "footer damaged; its records can still be read",
  tail: "bytes that are no whole record: a write that was cut short and never acknowledged, or damage",
  missing: "records are missing",
  unreadable: "nothing in this file can be trusted",
  foreign: "a segment of another gateway",
  misnamed:
    "a segment under another name than its own, or a copy; a repair or a start sorts it out",
  cursor: "one copy of the cursor is damaged; a hint is lost, no record",
};

/** One line: where, which records, what. */
export function describeDamage({ bytes, declared, file, kind, lost, offset }: Damage): string {
  const records = lost === undefined ? "" : `${describeRange(lost)}: `;
  const size = bytes === 0 ? "" : ` (${counted(bytes, "byte")})`;
  const known = declared ? "; declared lost by a gap event" : "";
  return `${file} at ${offset}: ${records}${sentences[kind] ?? kind}${size}${known}`;
}

function describeRange({ from, to }: SeqRange): string {
  return from === to ? `record ${from}` : `records ${from} to ${to}`;
}
