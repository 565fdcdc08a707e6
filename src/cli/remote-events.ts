/** `events` at a gateway or hub elsewhere: what its devices told, device by device, put together. */
import { systemClock } from "../app/system-clock.ts";
import { atOnce } from "../core/at-once.ts";
import { GatewayError } from "../core/errors.ts";
import { formatTime } from "../core/event-codec.ts";
import { matchesGlob } from "../core/glob.ts";
import { printable } from "../core/printable.ts";
import type { EntryFilter } from "../past/entry-filter.ts";
import type { Context } from "./contexts-file.ts";
import { listOf, textOf } from "./devices-text.ts";
import { dayLine } from "./entry-lines.ts";
import type { EventsOptions } from "./events.ts";
import { answerText } from "./print-answer.ts";
import { printInTime } from "./print-in-time.ts";
import { askApi } from "./remote.ts";
import { describeDelay } from "./tap-lines.ts";

type Facts = Readonly<Record<string, unknown>>;

/** Devices that are asked: those that were heard last. Each answers with so many events at most. */
const mostDevices = 200;
const mostOfEach = 200;
const asksAtOnce = 4;
const longestSaid = 200;

/** An event with the device that told it. */
interface ToldThere {
  readonly device: Facts;
  readonly event: Facts;
  readonly receivedMs: number;
}

/**
 * Prints a line for each, by receipt; with a limit the newest. Says what was not asked for. Throws `usage`
 * for what the API there does not tell.
 */
export async function listEventsThere(
  context: Context,
  asked: EntryFilter,
  { follow = false, output }: Pick<EventsOptions, "follow" | "output">,
  limit: number | undefined,
): Promise<void> {
  if (follow)
    throw new GatewayError(
      "usage",
      "elsewhere, `sluicegate tap sent` shows what comes: not --follow",
    );
  const nowMs = systemClock.wallMs();
  const devices = await devicesThere(context, asked);
  const chosen = devices.slice(0, mostDevices);
  const found: ToldThere[] = [];
  let cut = 0;
  await atOnce(asksAtOnce, chosen, async (device) => {
    const most = Math.min(mostOfEach, limit ?? mostOfEach);
    const key = encodeURIComponent(textOf(device["key"]));
    const answer = await askApi(context, `/devices/${key}/events?limit=${most}`);
    const events = listOf(answer["events"]);
    const oldest = events.at(-1);
    if (answer["more"] === true && receivedMsOf(oldest) > asked.sinceMs) cut += 1;
    // The latest comes first; of what was received at once, the order of the log counts.
    for (const event of events.toReversed())
      if (isWanted(event, asked)) found.push({ device, event, receivedMs: receivedMsOf(event) });
  });
  found.sort((one, other) => one.receivedMs - other.receivedMs);
  let day = "";
  for (const one of limit === undefined ? found : found.slice(-limit)) {
    const itsDay = dayLine(one.receivedMs);
    if (output === "text" && itsDay !== day) await printInTime(itsDay);
    day = itsDay;
    await printInTime(printable(output === "ndjson" ? jsonLine(one) : textLine(one)));
  }
  const left = devices.length - chosen.length;
  if (found.length === 0) say("(no events; --since 1d looks further back)");
  if (left > 0) say(`(${left} more devices were not asked; --device names some)`);
  if (cut > 0 && limit === undefined)
    say(`(${cut} of the devices told more than ${mostOfEach}: the newest are shown)`);
  if (nowMs < asked.sinceMs) say("(--since is still to come)");
}

/** Those heard last first. */
async function devicesThere(
  context: Context,
  { device, gateway, site, sinceMs }: EntryFilter,
): Promise<readonly Facts[]> {
  const rows = listOf((await askApi(context, "/devices?limit=10000"))["devices"]);
  const isMeant = (glob: string | undefined, name: unknown): boolean =>
    glob === undefined || matchesGlob(glob, textOf(name));
  return rows
    .filter(
      (row) =>
        isMeant(device, row["device"]) &&
        isMeant(gateway, row["gateway"]) &&
        isMeant(site, row["site"]) &&
        heardMsOf(row) >= sinceMs,
    )
    .sort((one, other) => heardMsOf(other) - heardMsOf(one));
}

function isWanted(event: Facts, { kinds, metric, sinceMs, untilMs }: EntryFilter): boolean {
  const receivedMs = receivedMsOf(event);
  if (receivedMs < sinceMs || receivedMs >= untilMs) return false;
  if (![...kinds].some((kind) => kind === event["kind"])) return false;
  return (
    metric === undefined ||
    listOf(event["data"]).some(({ name }) => matchesGlob(metric, textOf(name)))
  );
}

/** `14:20:13.180 gw1.abcd1234.918273 freezer-07 temperature -11.4 Cel +24ms`. */
function textLine({ device, event, receivedMs }: ToldThere): string {
  const { data, id, kind, timeMs } = event;
  const values = listOf(data).map(({ name, unit, value }) =>
    [name, value, unit].filter((one) => one !== undefined && one !== null).join(" "),
  );
  const said =
    kind === "measurement" ? values.join("  ") : `${textOf(kind)} ${JSON.stringify(data)}`;
  const short = said.length > longestSaid ? `${said.slice(0, longestSaid - 1)}…` : said;
  return [
    formatTime(receivedMs).slice(11, 23),
    ...[textOf(id), textOf(device["device"]), short],
    describeDelay(receivedMs - Number(timeMs)),
  ].join(" ");
}

function jsonLine({ device, event }: ToldThere): string {
  const { device: name, gateway, site } = device;
  return answerText("remote-event/1", { site, gateway, device: name, ...event });
}

function receivedMsOf(event: Facts | undefined): number {
  return Number(event?.["receivedMs"]) || 0;
}

/** What came late is no sign of life, and may have been received just now. */
function heardMsOf({ changedMs, lastMs }: Facts): number {
  if (typeof lastMs !== "number") return Number.MAX_SAFE_INTEGER;
  return Math.max(lastMs, Number(changedMs) || 0);
}

function say(text: string): void {
  process.stderr.write(`${printable(text)}\n`);
}
