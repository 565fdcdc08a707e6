import type { SitePlace } from "../../../config/site/read-site-place.ts";
import { toGatewayId, toSiteId } from "../../../core/ids.ts";
import type { BackboneOptions } from "../../../stream/options.ts";
import {
  alertsStreamContract,
  bridgeAsideStreamContract,
  commandsStreamContract,
  derivedStreamContract,
  gatewayStreamContract,
  historyRejectedStreamContract,
  notifyLogStreamContract,
  plansStreamContract,
  type StreamContract,
} from "../../../stream/stream-contract.ts";
import type { RoleName } from "../../roles.ts";

type Contract = (options: BackboneOptions) => StreamContract;

/** None of the roles that are left out. */
const contracts: Readonly<Partial<Record<RoleName, readonly Contract[]>>> = {
  gateway: [commandsStreamContract],
  processor: [alertsStreamContract, derivedStreamContract, plansStreamContract],
  notifier: [alertsStreamContract, notifyLogStreamContract],
  historian: [derivedStreamContract, historyRejectedStreamContract],
  bridge: [alertsStreamContract, bridgeAsideStreamContract],
  console: [alertsStreamContract],
};

/** The streams that the roles of a machine write or read, each once. */
export function contractsOf(
  { config }: SitePlace,
  roles: readonly RoleName[],
  options: BackboneOptions,
): readonly StreamContract[] {
  const { gateway, site } = config;
  const origin = { site: toSiteId(site), gateway: toGatewayId(gateway.id) };
  const own = roles.includes("gateway") ? [gatewayStreamContract(origin, options)] : [];
  const others = new Set(roles.flatMap((role) => contracts[role] ?? []));
  return [...own, ...Array.from(others, (contract) => contract(options))];
}
