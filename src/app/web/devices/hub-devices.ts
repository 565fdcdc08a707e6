/** The desk of devices where all gateways are known, out of their streams. */
import type { DeviceDesk } from "../../../api/routes/device-routes.ts";
import type { DevicePage, DeviceRow, DeviceValue } from "../../../api/shapes/device.ts";
import type { LoadedSite } from "../../../config/site/load-site.ts";
import { type DevicePlace, parseDeviceKey } from "../../../core/device-key.ts";
import type { StoredEvent } from "../../../core/event.ts";
import type { Backbone } from "../../../stream/backbone.ts";
import type { FleetFollower } from "../../../view/fleet/fleet-follower.ts";
import type { GatewayFacts } from "../../gateway-facts.ts";
import type { AlertTally } from "../alerts/alert-counts.ts";
import { overBackbone } from "../over-backbone.ts";
import type { AllGateways } from "./all-gateways.ts";
import { declaredCommands } from "./declared-commands.ts";
import { lastEventsOf, shownEvent } from "./device-events.ts";
import { devicePageOf, textsOf } from "./device-page.ts";
import { findDevices } from "./find-devices.ts";
import { valuesOf } from "./gateway-device-rows.ts";
import { HubDeviceLooks } from "./hub-device-looks.ts";
import { HubDeviceRows } from "./hub-device-rows.ts";
import { readLastEvents } from "./read-last-events.ts";

const usualEveryMs = 10_000;
/** Of a device that tells each metric in a message of its own. */
const eventsForValues = 64;

export interface HubDevicesDependencies {
  readonly backbone: Backbone;
  readonly fleet: FleetFollower;
  readonly all: AllGateways;
  readonly tally: AlertTally;
  readonly site: () => LoadedSite;
}

export class HubDevices implements DeviceDesk {
  readonly #deps: HubDevicesDependencies;

  constructor(deps: HubDevicesDependencies) {
    this.#deps = deps;
  }

  /** All there are, as they are now. */
  rows(): HubDeviceRows {
    return new HubDeviceRows(this.#deps.all, this.#deps.tally.now.ofDevices);
  }

  /** What is needed to see who looks otherwise than before. */
  looks(): () => readonly string[] {
    const { all, tally } = this.#deps;
    const looks = new HubDeviceLooks(all);
    return () => looks.look(tally.now.ofDevices);
  }

  async list(wish: Parameters<DeviceDesk["list"]>[0]) {
    return findDevices(onlyRows(this.rows()), wish);
  }

  async page(key: string): Promise<DevicePage | undefined> {
    const place = parseDeviceKey(key);
    const row = this.rows().get(key);
    if (!place || !row) return undefined;
    const here = this.#gatewayOf(place);
    const own = here && devicePageOf(here, place.device);
    if (own) return { ...own, row };
    const view = this.#deps.fleet.get(place.origin.gateway)?.view;
    if (!view) return undefined;
    const entry = view.registry.get(place.device);
    const record = view.recordOf(place.device);
    const known = valuesOf(entry, Number.POSITIVE_INFINITY);
    const names = new Set(known.map(({ name }) => name));
    const isWhole = record?.metrics.every(({ name }) => names.has(name)) ?? true;
    const profile = [...this.#deps.site().profiles.keys()].find(({ id }) => id === row.profile);
    const older = isWhole ? [] : await this.#valuesBefore(place, row);
    return {
      row,
      firstMs: null,
      topic: null,
      cause: entry?.link?.cause ?? null,
      tags: { ...record?.tags },
      attrs: textsOf(record?.attrs),
      values: [...known, ...older.filter(({ name }) => !names.has(name))],
      misfits: (entry?.misfits ?? []).map(({ count, lastMs, reason }) => ({
        ...{ reason, count, lastMs },
      })),
      unread: [],
      description: null,
      commands: declaredCommands(profile),
      notKnown: [
        "when it was heard first, its topic and what of its messages nobody reads: its gateway knows",
        ...(profile ? [] : ["its profile is not loaded here, so its commands are not known"]),
      ],
    };
  }

  async events(key: string, limit: number, signal: AbortSignal) {
    const place = parseDeviceKey(key);
    const row = this.rows().get(key);
    if (!place || !row) return undefined;
    const here = this.#gatewayOf(place);
    if (here) return lastEventsOf(here, place.device, limit, signal);
    const { events, more } = await this.#lastEvents(place, row, limit, signal);
    return { events: events.map(shownEvent), more };
  }

  /** The gateway of this process, where the device is one of its own. */
  #gatewayOf({ origin }: DevicePlace): GatewayFacts | undefined {
    const { here } = this.#deps.all;
    const isOwn = here?.origin.site === origin.site && here.origin.gateway === origin.gateway;
    return isOwn ? here : undefined;
  }

  #lastEvents({ device, origin }: DevicePlace, row: DeviceRow, limit: number, signal: AbortSignal) {
    const everyMs = row.everyMs ?? row.intervalMs ?? usualEveryMs;
    return overBackbone(this.#deps.backbone, (connection) =>
      readLastEvents(connection, origin, device, { everyMs, limit, signal }),
    );
  }

  /** What it told before this process began to follow; none where that cannot be read now. */
  async #valuesBefore(place: DevicePlace, row: DeviceRow): Promise<DeviceValue[]> {
    const signal = AbortSignal.timeout(5_000);
    const { events } = await this.#lastEvents(place, row, eventsForValues, signal).catch(() => ({
      events: [],
    }));
    const values = new Map<string, DeviceValue>();
    for (const event of events) for (const value of shownValues(event)) noteFirst(values, value);
    return [...values.values()];
  }
}

function shownValues(event: StoredEvent): DeviceValue[] {
  if (event.kind !== "measurement") return [];
  const { data, receivedMs, timeMs } = event;
  return data.map(({ name, quality, unit, value }) => ({
    ...{ name, value, quality, timeMs, receivedMs },
    unit: unit ?? null,
  }));
}

function noteFirst(values: Map<string, DeviceValue>, value: DeviceValue): void {
  if (!values.has(value.name)) values.set(value.name, value);
}

function* onlyRows(rows: HubDeviceRows): Iterable<DeviceRow> {
  for (const [, row] of rows) yield row;
}
