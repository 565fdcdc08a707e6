/** `sluicegate state <device|alert> --at <time>`: how it was, or what was known. */
import { alertsAt } from "../app/alerts-at.ts";
import { deviceStateAt } from "../app/device-state-at.ts";
import type { PastDesk } from "../app/past-desk.ts";
import { systemClock } from "../app/system-clock.ts";
import { GatewayError } from "../core/errors.ts";
import type { Origin } from "../core/event.ts";
import { formatTime } from "../core/event-codec.ts";
import { matchesGlob } from "../core/glob.ts";
import { toDeviceId } from "../core/ids.ts";
import type { Moment } from "../past/moment.ts";
import { plainAlert } from "./alerts-text.ts";
import { atPastDesk } from "./at-past-desk.ts";
import { findAlerts, requireOne } from "./find-alerts.ts";
import { printAnswer } from "./print-answer.ts";
import type { ServerOptions } from "./servers-of.ts";
import { placeOf } from "./site.ts";
import { alertStateLines, deviceStateLines, plainDeviceState } from "./state-text.ts";
import { timeFlag } from "./time-flag.ts";

export interface StateOptions extends ServerOptions {
  readonly at: string;
  readonly asKnown?: boolean;
  readonly gateway?: string;
  readonly site?: string;
  readonly output: "text" | "json";
}

/** Prints the state of a device, or of an alert where no gateway has a device of that name. */
export async function showState(
  name: string,
  device: string | undefined,
  options: StateOptions,
): Promise<void> {
  const atMs = timeFlag("--at", options.at);
  if (atMs > systemClock.wallMs())
    throw new GatewayError("usage", `--at ${options.at} has not come yet`);
  const moment: Moment = { atMs, asKnown: options.asKnown ?? false };
  const { config } = await placeOf(options.config);
  await atPastDesk(options, "sluicegate-state", async (desk) => {
    const origins = device === undefined ? await originsOf(desk, name, options) : [];
    const [origin, ...others] = origins;
    if (others.length > 0)
      throw new GatewayError(
        "usage",
        `${origins.length} gateways have a device ${name}; say which with --gateway: ` +
          origins.map(({ gateway }) => gateway).join(", "),
      );
    const alerts = await alertsAt(await desk.connected(), moment, config.alerts.max_shelve);
    if (origin) {
      const found = await deviceStateAt(await desk.connected(), origin, toDeviceId(name), moment);
      const views = [...alerts.board.views(atMs)].filter(
        ({ last, site, state }) =>
          site === origin.site &&
          last?.labels["device"] === name &&
          (last.labels["gateway"] ?? origin.gateway) === origin.gateway &&
          state !== "normal",
      );
      const plain = plainDeviceState(origin, name, found, views);
      print(options, moment, plain, () => deviceStateLines(origin, name, found, views, moment));
      return;
    }
    const named = [...alerts.heads.values()];
    const unborn = [...alerts.later.values()].filter(({ instance }) => !alerts.heads.has(instance));
    const meant = {
      alert: name,
      device,
      ...(options.site !== undefined && { site: options.site }),
    };
    const head = requireOne(
      meantBy([...named, ...unborn], meant),
      "say which by its device or its id:",
    );
    const view = alerts.board.view(head.instance, atMs);
    const state = alerts.heads.has(head.instance) ? view : undefined;
    const plain = { alert: state ? plainAlert(state) : null, instance: head.instance };
    print(options, moment, plain, () => alertStateLines(head, state, alerts, moment));
  });
}

function meantBy(...given: Parameters<typeof findAlerts>): ReturnType<typeof findAlerts> {
  const [, { alert, device }] = given;
  try {
    return findAlerts(...given);
  } catch (thrown) {
    if (device !== undefined) throw thrown;
    const failure = GatewayError.from(thrown, "internal.bug", "cannot find the alert");
    throw new GatewayError(
      failure.code,
      `no gateway has a device ${alert}, and ${failure.message}`,
    );
  }
}

async function originsOf(
  desk: PastDesk,
  device: string,
  { gateway, site }: StateOptions,
): Promise<readonly Origin[]> {
  const origins = await desk.gatewaysWith(toDeviceId(device));
  return origins.filter(
    (origin) =>
      (gateway === undefined || matchesGlob(gateway, origin.gateway)) &&
      (site === undefined || matchesGlob(site, origin.site)),
  );
}

function print(
  options: StateOptions,
  { asKnown, atMs }: Moment,
  answer: object,
  lines: () => readonly string[],
): void {
  printAnswer(options, "state/1", { at: formatTime(atMs), asKnown, ...answer }, lines);
}
