/** What a port says, as bytes and as text; and at which speed, where that is not known. */
import { systemClock } from "../app/system-clock.ts";
import { sleep } from "../core/clock.ts";
import { GatewayError } from "../core/errors.ts";
import { silentLogger } from "../core/logger.ts";
import type { ByteLine } from "../sources/lines/byte-line.ts";
import { openLine } from "../sources/lines/open-line.ts";
import { type LineOptions, parseLineOptions } from "../sources/lines/options.ts";
import { answerText } from "./print-answer.ts";

/** Most common first. */
const usualBauds = [9_600, 115_200, 4_800, 38_400, 19_200, 57_600, 2_400, 300];
const tryMs = 2_000;
const rowBytes = 16;

export async function listenTo(
  path: string,
  baud: string | undefined,
  output: "text" | "json",
  signal: AbortSignal,
): Promise<void> {
  const options = optionsOf(path, baud);
  const isKnown = baud !== undefined || path.startsWith("tcp://");
  const speed = isKnown ? options.baud : await guessBaud(options, signal);
  const gone = new AbortController();
  const line = await openOnce({ ...options, baud: speed }, (bytes) => show(bytes, output), gone);
  await sleep(systemClock, 2 ** 31 - 1, AbortSignal.any([signal, gone.signal]));
  await line.close();
  if (gone.signal.aborted)
    throw new GatewayError("source.unavailable", `${path}: ${String(gone.signal.reason)}`);
}

function optionsOf(path: string, baud: string | undefined): LineOptions {
  const options = parseLineOptions({ path, ...(baud !== undefined && { baud: Number(baud) }) });
  if (typeof options === "string") throw new GatewayError("usage", options);
  return options;
}

function openOnce(
  options: LineOptions,
  data: (bytes: Uint8Array) => void,
  gone: AbortController,
): Promise<ByteLine> {
  const warn = (words: string): void => void process.stderr.write(`${words}\n`);
  const open = openLine(options, { source: "ports watch", logger: { ...silentLogger, warn } });
  return open({ data, closed: (reason) => gone.abort(reason) });
}

/** The speed at which most of what comes is text; what is silent at all has none. */
async function guessBaud(options: LineOptions, signal: AbortSignal): Promise<number> {
  let best = { baud: options.baud, share: 0, bytes: 0 };
  for (const baud of usualBauds) {
    if (signal.aborted) break;
    let bytes = 0;
    let text = 0;
    const line = await openOnce(
      { ...options, baud },
      (piece) => {
        bytes += piece.length;
        text += piece.filter(isText).length;
      },
      new AbortController(),
    );
    await sleep(systemClock, tryMs, signal);
    await line.close();
    const share = bytes === 0 ? 0 : text / bytes;
    process.stderr.write(`${baud} baud: ${bytes} bytes, ${Math.round(share * 100)} % text\n`);
    if (share > best.share) best = { baud, share, bytes };
    if (bytes >= 64 && share === 1) break;
  }
  const hint = best.share > 0.9 ? "" : ", a guess: it may be binary, or speak when asked";
  process.stderr.write(`listening at ${best.baud} baud${hint}\n`);
  return best.baud;
}

function isText(byte: number): boolean {
  return (byte >= 0x20 && byte < 0x7f) || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

function show(bytes: Uint8Array, output: "text" | "json"): void {
  const at = new Date(systemClock.wallMs()).toISOString();
  const all = Buffer.from(bytes);
  if (output === "json") {
    process.stdout.write(`${answerText("port-bytes/1", { at, hex: all.toString("hex") })}\n`);
    return;
  }
  for (let from = 0; from < all.length; from += rowBytes) {
    const row = all.subarray(from, from + rowBytes);
    const hex = (row.toString("hex").match(/../g) ?? []).join(" ").padEnd(3 * rowBytes);
    const text = row.toString("latin1").replace(/[^\x20-\x7e]/g, ".");
    process.stdout.write(`${at}  ${hex} ${text}\n`);
  }
}
