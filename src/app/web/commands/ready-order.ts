/** A command that somebody wants to send, held against the profile of its device. */
import { notFound } from "../../../api/problem.ts";
import type { CommandWish } from "../../../api/routes/command-routes.ts";
import type { LoadedSite } from "../../../config/site/load-site.ts";
import { profileName } from "../../../core/device.ts";
import { type DevicePlace, parseDeviceKey } from "../../../core/device-key.ts";
import type { DeviceWrite } from "../../../core/device-write.ts";
import type { CommandMapping } from "../../../normalize/commands/command-mapping.ts";
import { makeReady } from "../../../normalize/commands/ready-command.ts";
import type { KnownDevice } from "../../../normalize/known-device.ts";
import type { Backbone } from "../../../stream/backbone.ts";
import { findDevice } from "../../../stream/find-device.ts";
import type { GatewayFacts } from "../../gateway-facts.ts";
import { commandOf } from "../../prepare-command.ts";
import { overBackbone } from "../over-backbone.ts";

export interface OrderSources {
  readonly backbone: Backbone;
  readonly site: () => LoadedSite;
  /** The gateway of this process; it knows its devices best. */
  readonly gateway: GatewayFacts | undefined;
}

/** What is known here of a command before it is sent. */
export interface ReadyOrder {
  readonly place: DevicePlace;
  /** Undefined where the profile of the device is not here: its gateway checks the command. */
  readonly mapping?: CommandMapping;
  readonly write?: DeviceWrite;
  /** Why it would be refused, for people. */
  readonly refused?: string;
}

/** Rejects with a `RequestProblem` where there is no such device, or nobody can be asked. */
export async function readyOrder(
  { device: key, name, params }: CommandWish,
  id: string,
  sources: OrderSources,
): Promise<ReadyOrder> {
  const place = parseDeviceKey(key);
  if (place === undefined) throw notFound(`device ${key}`);
  const known = await deviceAt(place, key, sources);
  if (known === undefined) return { place };
  const mapping = commandOf(known, name);
  if (typeof mapping === "string") return { place, refused: mapping };
  const ready = makeReady(known, mapping, { id, params });
  if ("problem" in ready) return { place, mapping, refused: ready.problem };
  return { place, mapping, write: ready.write };
}

async function deviceAt(
  { device, origin }: DevicePlace,
  key: string,
  { backbone, gateway, site }: OrderSources,
): Promise<KnownDevice | undefined> {
  const here = gateway?.origin;
  if (gateway && here?.gateway === origin.gateway && here.site === origin.site) {
    const known = gateway.known(device);
    if (known === undefined) throw notFound(`device ${key}`);
    return known;
  }
  const [found] = await overBackbone(backbone, (connection) =>
    findDevice(connection, [origin], device),
  );
  if (found === undefined) throw notFound(`device ${key}`);
  const { catalog } = site();
  const { profile } = found.record;
  const known = catalog.configured(device) ?? catalog.discovered(device, profileName(profile));
  return known?.profile.id === profile ? known : undefined;
}
