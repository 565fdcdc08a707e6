/** `top` of a gateway or hub elsewhere: how it is, what fires and which devices ask for somebody. */
import { systemClock } from "../app/system-clock.ts";
import { sleep } from "../core/clock.ts";
import { GatewayError } from "../core/errors.ts";
import { printable } from "../core/printable.ts";
import { span } from "../screen/line.ts";
import { LivingScreen } from "../screen/living-screen.ts";
import { canDraw, lookOf } from "../screen/look.ts";
import type { Context } from "./contexts-file.ts";
import { deviceLines, listOf } from "./devices-text.ts";
import { answerText } from "./print-answer.ts";
import { printInTime } from "./print-in-time.ts";
import { askApi } from "./remote.ts";
import { alertLines, rowsOf } from "./remote-alerts.ts";
import { statusLines } from "./remote-status.ts";

type Facts = Readonly<Record<string, unknown>>;

/** A question goes over a network, and costs the other side. */
const everyMs = 2_000;
const mostDevices = 100;
/** Rows of a page that is no screen. */
const mostRows = 1_000;

interface Seen {
  readonly atMs: number;
  readonly status: Facts;
  readonly alerts: readonly Facts[];
  /** Those that somebody should look at. */
  readonly devices: Facts;
}

/**
 * On a terminal a screen until `q` or Ctrl-C; elsewhere a line every two seconds, with `once` a page.
 * Throws where nobody answers at the start, and waits for who is gone later.
 */
export async function showTopThere(
  context: Context,
  { once = false, output }: { readonly once?: boolean; readonly output: "text" | "json" },
): Promise<void> {
  let seen = await look(context);
  let trouble = "";
  if (once) return print(output === "json" ? [jsonOf(seen)] : pageOf(seen, ""));
  const ending = new AbortController();
  const { signal } = ending;
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
    process.once(name, () => ending.abort());
  const isScreen = output === "text" && canDraw(process.stdin, process.stdout, process);
  const screen = isScreen
    ? new LivingScreen({
        ...{ stdin: process.stdin, stdout: process.stdout, clock: systemClock },
        look: lookOf(process),
        lines: ({ rows }) =>
          pageOf(seen, trouble)
            .slice(0, rows)
            .map((line) => [span(line)]),
        onKey: (key) => {
          if (key === "q" || key === "ctrl-c") ending.abort();
        },
        onGone: () => ending.abort(),
      })
    : undefined;
  screen?.open();
  try {
    while (!signal.aborted) {
      if (screen) screen.draw();
      else await print([output === "json" ? jsonOf(seen) : lineOf(seen, trouble)]);
      await sleep(systemClock, everyMs, signal);
      if (signal.aborted) break;
      try {
        seen = await look(context);
        trouble = "";
      } catch (thrown) {
        trouble = GatewayError.from(thrown, "status.unreachable", "cannot ask").message;
      }
    }
  } finally {
    screen?.close();
  }
}

async function look(context: Context): Promise<Seen> {
  const [status, alerts, devices] = await Promise.all([
    askApi(context, "/status"),
    rowsOf(context, "active", undefined),
    askApi(context, `/devices?attention=true&limit=${mostDevices}`),
  ]);
  return { atMs: systemClock.wallMs(), status, alerts, devices };
}

function pageOf({ alerts, atMs, devices, status }: Seen, trouble: string): string[] {
  const bad = listOf(devices["devices"]);
  return [
    ...(trouble === "" ? [] : [`no answer since ${new Date(atMs).toISOString()}: ${trouble}`, ""]),
    ...statusLines(status, atMs),
    "",
    ...alertLines(alerts, atMs),
    "",
    ...(bad.length === 0 ? ["no device asks for somebody"] : deviceLines(devices, atMs)),
  ];
}

/** The page's first lines as one. */
function lineOf(seen: Seen, trouble: string): string {
  const time = new Date(seen.atMs).toISOString().slice(11, 19);
  if (trouble !== "") return `${time} no answer: ${trouble}`;
  return `${time} ${statusLines(seen.status, seen.atMs).join(" | ").replace(/ +/g, " ")}`;
}

function jsonOf({ alerts, atMs, devices, status }: Seen): string {
  const attention = listOf(devices["devices"]);
  return answerText("remote-top/1", { atMs, status, alerts, attention });
}

async function print(lines: readonly string[]): Promise<void> {
  for (const line of lines.slice(0, mostRows)) await printInTime(printable(line));
}
