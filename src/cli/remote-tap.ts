/** `tap` at a gateway elsewhere: what its live stream shows. */

import { GatewayError } from "../core/errors.ts";
import { decodeEvent, isMalformed } from "../core/event-codec.ts";
import { isObject } from "../core/is-object.ts";
import { printable } from "../core/printable.ts";
import type { TapStage } from "../core/taps.ts";
import type { TapFilter } from "../telemetry/tap-filter.ts";
import type { Context } from "./contexts-file.ts";
import { parsed, readStream } from "./remote.ts";
import { describeEvent, describeTapLine } from "./tap-lines.ts";

type Facts = Readonly<Record<string, unknown>>;

export interface RemoteTap {
  readonly stage: TapStage | "sent";
  readonly filter: TapFilter;
  readonly limit: number | undefined;
  readonly watermarks?: boolean | undefined;
  readonly output: "pretty" | "ndjson";
}

/** Lines of one second; the gateway counts what is beyond, and shows it to nobody. */
const perSecond = "100";

/** Prints until the limit or the signal; what is not shown is counted on standard error. */
export async function tapThere(
  context: Context,
  wish: RemoteTap,
  signal: AbortSignal,
): Promise<void> {
  const { limit = Number.POSITIVE_INFINITY, stage } = wish;
  const query = new URLSearchParams({ filter: filterText(wish.filter), per_s: perSecond });
  const topic = encodeURIComponent(`live:${stage}?${query}`);
  process.stderr.write(`(listening to what is ${stage} at ${context.url}; Ctrl-C ends)\n`);
  let isFirst = true;
  let shown = 0;
  let passedOver = 0;
  let last = 0;
  for await (const line of readStream(context, `/stream?topics=${topic}`, signal)) {
    if (!line.startsWith("data: ")) continue;
    const frame = parsed(line.slice("data: ".length));
    const rows = isObject(frame) && isObject(frame["data"]) ? frame["data"] : {};
    passedOver = countOf(rows["counts"]) ?? passedOver;
    for (const [key, row] of Object.entries(rows)) {
      if (!(Number(key) > last)) continue;
      last = Number(key);
      // What others looked at before is not what flows now.
      const text = isFirst || !isObject(row) || shown >= limit ? undefined : textOf(row, wish);
      if (text === undefined) continue;
      process.stdout.write(`${printable(text)}\n`);
      shown += 1;
    }
    isFirst = false;
    if (shown >= limit) break;
  }
  process.stderr.write(`(shown ${shown}, not shown ${passedOver})\n`);
}

/** Undefined for what is not to be shown. */
function textOf(
  { device, json, text }: Facts,
  { output, stage, watermarks }: RemoteTap,
): string | undefined {
  const whole = JSON.stringify(json);
  if (!isObject(json) || "cutAt" in json) return output === "ndjson" ? whole : String(text);
  if (stage !== "sent") {
    const line = { kind: "event", stage, device: namedBy(device), facts: json } as const;
    return output === "ndjson" ? whole : describeTapLine(line);
  }
  const event = decodeEvent(whole);
  if (isMalformed(event) || (event.kind === "watermark" && !watermarks)) return undefined;
  return output === "ndjson" ? whole : describeEvent(event);
}

function namedBy(device: unknown): string | null {
  return typeof device === "string" ? device : null;
}

/** How many were left out. Throws where the filter is none. */
function countOf(counts: unknown): number | undefined {
  if (!isObject(counts)) return undefined;
  if (typeof counts["fault"] === "string") throw new GatewayError("usage", counts["fault"]);
  return Math.max(0, Number(counts["seen"]) - Number(counts["shown"])) || 0;
}

/** As people write it on the page; words stand apart, so a pattern with a space in it cannot be asked. */
function filterText(filter: TapFilter): string {
  const words = Object.entries(filter).map(([name, pattern]) => {
    if (/[\s<>=]/.test(pattern))
      throw new GatewayError("usage", `--${name} ${pattern}: elsewhere without spaces, <, > and =`);
    return `${name}:${pattern}`;
  });
  return words.join(" ");
}
