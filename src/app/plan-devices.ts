/** Devices of a plan, as their gateways tell of them: most are discovered, and in no configuration. */
import { GatewayError } from "../core/errors.ts";
import { toDeviceId } from "../core/ids.ts";
import { suggest } from "../core/suggest.ts";
import type { PlanRun } from "../plans/plan-run.ts";
import { findDevice, gatewaysOf } from "../stream/find-device.ts";

export interface PlanDevices {
  /** With the profile and its version, such as `acme/fz-200@3`. */
  readonly known: readonly { readonly id: string; readonly profile: string }[];
  /** Of which their gateways have told nothing, in words; one may come while the plan runs. */
  readonly unknown: readonly string[];
}

/** Throws `not-found` where a gateway has no stream: nobody would ever take its commands. */
export async function planDevices(
  connection: Parameters<typeof findDevice>[0],
  { site, steps }: Pick<PlanRun, "site" | "steps">,
): Promise<PlanDevices> {
  const gateways = await gatewaysOf(connection, site);
  const orders = steps.flatMap((step) =>
    step.kind === "wait" ? [] : [step.order, ...(step.compensate ? [step.compensate] : [])],
  );
  const places = new Map(orders.map((order) => [`${order.device} of ${order.gateway}`, order]));
  const known: PlanDevices["known"][number][] = [];
  const unknown: string[] = [];
  for (const [words, { device, gateway }] of places) {
    const origin = gateways.find((one) => one.gateway === gateway);
    if (!origin) throw noGateway(gateway, site, gateways);
    const [found] = await findDevice(connection, [origin], toDeviceId(device));
    if (found) known.push({ id: device, profile: found.record.profile });
    else unknown.push(words);
  }
  return { known, unknown };
}

function noGateway(
  name: string,
  site: string,
  all: readonly { readonly gateway: string }[],
): GatewayError {
  const names = all.map(({ gateway }) => gateway);
  const meant = suggest(name, names);
  const there = names.length > 0 ? `there are ${names.join(", ")}` : "none was ever connected";
  const hint = meant === undefined ? there : `did you mean ${meant}?`;
  return new GatewayError("not-found", `no gateway of site ${site} is named ${name}; ${hint}`);
}
