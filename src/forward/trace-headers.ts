/** The trace of an event as headers of its message, found in its bytes: they are not read otherwise here. */

const parentKey = Buffer.from(',"traceparent":"');
const stateKey = Buffer.from(',"tracestate":"');
const parentBytes = 55;
const mostStateBytes = 512;
const none = Buffer.alloc(0);
const quote = 0x22;

/**
 * The lines of headers, each behind a line end; empty where the event has no trace. Old logs hold what
 * nobody checked: what would not be one value on one line is left out.
 */
export function traceHeaders(body: Uint8Array): Uint8Array {
  const text = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const from = text.indexOf(parentKey);
  if (from < 0) return none;
  const start = from + parentKey.length;
  const end = start + parentBytes;
  if (text[end] !== quote || !isParent(text, start, end)) return none;
  const parent = `\r\ntraceparent: ${text.toString("latin1", start, end)}`;
  return Buffer.from(parent + stateLine(text, end + 1), "latin1");
}

/** It stands right behind, or nowhere. */
function stateLine(text: Buffer, from: number): string {
  const start = from + stateKey.length;
  if (!text.subarray(from, start).equals(stateKey)) return "";
  const end = text.indexOf(quote, start);
  if (end < 0 || end - start > mostStateBytes) return "";
  const state = text.toString("latin1", start, end);
  return /^[\x20-\x5b\x5d-\x7e]+$/.test(state) ? `\r\ntracestate: ${state}` : "";
}

function isParent(text: Buffer, start: number, end: number): boolean {
  return /^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/.test(
    text.toString("latin1", start, end),
  );
}
