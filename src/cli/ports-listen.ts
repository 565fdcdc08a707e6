/** What a port says, as bytes and as text; and at which speed, where that is not known. */
import { resolve } from "node:path";
import { systemClock } from "../app/system-clock.ts";
import { sleep } from "../core/clock.ts";
import { GatewayError } from "../core/errors.ts";
import { silentLogger } from "../core/logger.ts";
import type { ByteLine } from "../sources/lines/byte-line.ts";
import { openLine } from "../sources/lines/open-line.ts";
import { type LineOptions, parseLineOptions } from "../sources/lines/options.ts";
import { answerText } from "./print-answer.ts";
import { type TextForm, textFormOf, textShare } from "./text-form.ts";

/** Most common first. */
const usualBauds = [9_600, 115_200, 4_800, 38_400, 19_200, 57_600, 2_400, 300];
const tryMs = 2_000;
const rowBytes = 16;

type Form = Pick<LineOptions, "baud" | "data_bits" | "parity">;

export interface ListenOptions {
  readonly baud?: string;
  /** `7E1`. */
  readonly form?: string;
  readonly output: "text" | "json";
}

export async function listenTo(
  place: string,
  { baud, form, output }: ListenOptions,
  signal: AbortSignal,
): Promise<void> {
  const path = place.startsWith("tcp://") ? place : resolve(place);
  const options = optionsOf(path, baud, form);
  const isKnown = baud !== undefined || path.startsWith("tcp://");
  const known = isKnown ? options : { ...options, ...(await guessForm(options, signal)) };
  const gone = new AbortController();
  const line = await openOnce(known, (bytes) => show(bytes, output), gone);
  await sleep(systemClock, 2 ** 31 - 1, AbortSignal.any([signal, gone.signal]));
  await line.close();
  if (gone.signal.aborted)
    throw new GatewayError("source.unavailable", `${path}: ${String(gone.signal.reason)}`);
}

const parities = { N: "none", E: "even", O: "odd", M: "mark", S: "space" } as const;

function optionsOf(path: string, baud: string | undefined, form = "8N1"): LineOptions {
  const [, bits, letter, stops] = /^([5-8])([NEOMS])([12])$/.exec(form.toUpperCase()) ?? [];
  const [data_bits] = ([5, 6, 7, 8] as const).filter((count) => String(count) === bits);
  const [, parity] = Object.entries(parities).find(([key]) => key === letter) ?? [];
  if (data_bits === undefined || parity === undefined)
    throw new GatewayError("usage", `--form ${form}: write it as 8N1 or 7E1`);
  if (baud !== undefined && !/^\d+$/.test(baud))
    throw new GatewayError("usage", `--baud ${baud}: write bits per second, such as 9600`);
  const stop_bits = stops === "2" ? 2 : 1;
  const speed = baud === undefined ? {} : { baud: Number(baud) };
  const options = parseLineOptions({ path, data_bits, parity, stop_bits, ...speed });
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

/** The speed and form at which most of what comes is text; what is silent at all has none. */
async function guessForm(options: LineOptions, signal: AbortSignal): Promise<Form> {
  const isPlain = options.data_bits === 8 && options.parity === "none";
  let best = { baud: options.baud, form: textFormOf(Buffer.alloc(0)) };
  for (const baud of usualBauds) {
    if (signal.aborted) break;
    const heard: Uint8Array[] = [];
    const keep = (piece: Uint8Array): void => void heard.push(piece);
    const line = await openOnce({ ...options, baud }, keep, new AbortController());
    await sleep(systemClock, tryMs, signal);
    await line.close();
    const bytes = Buffer.concat(heard);
    const form = textFormOf(bytes);
    const percent = Math.round(form.share * 100);
    process.stderr.write(`${baud} baud: ${bytes.length} bytes, ${percent} % text${wireOf(form)}\n`);
    if (form.share > best.form.share) best = { baud, form };
    if (bytes.length >= 64 && form.share === 1) break;
  }
  const { baud, form } = best;
  const hint =
    form.share > textShare ? "" : ", a guess: it may be binary, or speak when it is asked";
  process.stderr.write(`listening at ${baud} baud${wireOf(form)}${hint}\n`);
  const { data_bits, parity } = isPlain ? form : options;
  return { baud, data_bits, parity };
}

function wireOf({ data_bits, parity }: TextForm): string {
  return data_bits === 8 ? "" : `, data_bits: 7, parity: ${parity}`;
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
