/**
 * The one judge of all fault tests: every PUBACK that a device got, in a file of its own, against
 * every message that the stream holds.
 */
import { closeSync, openSync, readFileSync, writeSync } from "node:fs";
import { decodeEvent, isMalformed } from "../../src/core/event-codec.ts";
import { createProof, numberOf, type Verdict } from "../../src/simulate/proof.ts";

export type LedgerVerdict = Omit<Verdict, "sent"> & { readonly acked: number };

export interface Ledger {
  /** Notes a PUBACK; on its way to the file before the next turn of the event loop. */
  acked(device: string, n: number): void;
  /**
   * Judges the whole stream: bodies of its messages in stream order. Events without a number (of
   * the gateway, of other devices) are passed over; a body that is no event throws.
   */
  compare(bodies: Iterable<Uint8Array | string>): LedgerVerdict;
  close(): void;
}

/** Opens the ledger; what an earlier process noted in the same file still counts. */
export function openLedger(path: string): Ledger {
  const file = openSync(path, "a");
  let lines = "";
  const flush = (): void => {
    if (lines !== "") writeSync(file, lines);
    lines = "";
  };
  return {
    acked(device, n) {
      if (lines === "") queueMicrotask(flush);
      lines += `${JSON.stringify([device, n])}\n`;
    },
    compare(bodies) {
      flush();
      return judge(readAcks(readFileSync(path, "utf8")), bodies);
    },
    close() {
      flush();
      closeSync(file);
    },
  };
}

/** The comparison by itself: acknowledged numbers against bodies in stream order. */
export function judge(
  acks: Iterable<readonly [device: string, n: number]>,
  bodies: Iterable<Uint8Array | string>,
): LedgerVerdict {
  const proof = createProof();
  for (const [device, n] of acks) proof.sent(device, n);
  const decoder = new TextDecoder();
  for (const body of bodies) {
    const text = typeof body === "string" ? body : decoder.decode(body);
    const event = decodeEvent(text);
    if (isMalformed(event)) throw new Error(`not an event: ${event.malformed}: ${text}`);
    const numbered = numberOf(event);
    if (numbered) proof.stored(numbered.device, numbered.n);
  }
  const { sent, ...rest } = proof.verdict();
  return { acked: sent, ...rest };
}

/** The last line may be torn by a kill; it was never counted on then. */
function* readAcks(text: string): Generator<readonly [string, number]> {
  for (const line of text.slice(0, text.lastIndexOf("\n") + 1).split("\n")) {
    if (line === "") continue;
    const [device, n]: unknown[] = JSON.parse(line);
    yield [String(device), Number(n)];
  }
}
