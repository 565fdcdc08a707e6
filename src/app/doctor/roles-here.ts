/** What the processes of a configuration say that run on this machine. */
import { isObject } from "../../core/is-object.ts";
import type { GatewayStatus } from "../../gateway/gateway-status.ts";
import { gatewayStatusOf } from "../../gateway/read-gateway-status.ts";
import type { HistorianState } from "../../historian/historian.ts";
import type { NotifierState } from "../../notify/notifier.ts";
import { isRoleName, type RoleName } from "../roles.ts";
import { version as ownVersion } from "../version.ts";
import type { HubStatus } from "../web/status/status-desk.ts";

export interface RolesHere {
  /** Those that answer. */
  readonly names: readonly RoleName[];
  /** Of the program that runs them. */
  readonly version: string;
  readonly gateway: GatewayStatus | undefined;
  /** The process that runs the gateway. */
  readonly pid: number | undefined;
  readonly notifier: NotifierState | undefined;
  readonly historian: HistorianState | undefined;
  readonly console: HubStatus | undefined;
  /** Why they cannot be asked; undefined where one answers, or none runs. */
  readonly refusal: string | undefined;
}

/** No process answers. */
export function nobodyHere(refusal?: string): RolesHere {
  return {
    ...{ names: [], version: ownVersion, refusal },
    ...{ gateway: undefined, pid: undefined, notifier: undefined, historian: undefined },
    console: undefined,
  };
}

/** What a status socket answered, or the process itself says. The answer is our own: its names vouch for its shape. */
export function rolesHereOf(answer: object): RolesHere {
  const said: {
    readonly gateway?: { readonly pid?: unknown };
    readonly notifier?: NotifierState;
    readonly historian?: HistorianState;
    readonly console?: HubStatus;
    readonly version?: unknown;
  } = answer;
  const pid = said.gateway?.pid;
  return {
    names: Object.keys(answer).filter(isRoleName),
    version: typeof said.version === "string" ? said.version : "unknown",
    gateway: gatewayStatusOf(answer),
    pid: typeof pid === "number" ? pid : undefined,
    notifier: isObject(said.notifier) ? said.notifier : undefined,
    historian: isObject(said.historian) ? said.historian : undefined,
    console: isObject(said.console) ? said.console : undefined,
    refusal: undefined,
  };
}
