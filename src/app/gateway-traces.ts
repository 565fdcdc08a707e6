/** What a gateway does with traces, where its site says so. */
import type { Origin } from "../core/event.ts";
import type { RawMessage } from "../core/message.ts";
import type { AtEnd } from "../core/open-parts.ts";
import { beginTraces } from "../gateway/begin-traces.ts";
import type { Normalized } from "../normalize/normalized.ts";
import { GatewaySpans, type GatewaySpansDependencies } from "../trace/gateway-spans.ts";
import type { RoleSurroundings } from "./role.ts";

type Normalize = (message: RawMessage, clockSynced: boolean) => Normalized;

/** The same reader where no traces are begun. */
export function begunTraces({ random, site }: RoleSurroundings, normalize: Normalize): Normalize {
  const make = site.config.trace?.make ?? "off";
  return make === "off" ? normalize : beginTraces(normalize, make, random);
}

/** Undefined where nobody collects spans. */
export function gatewaySpans(
  { clock, spans }: RoleSurroundings,
  log: GatewaySpansDependencies["log"],
  origin: Origin,
  atEnd: AtEnd,
): GatewaySpans | undefined {
  const telling = spans && new GatewaySpans({ clock, log, origin, spans });
  atEnd(() => telling?.stop());
  return telling;
}
