import { gatewayOfStream } from "../core/subject.ts";
import type { GatewayPosition } from "../stream/gateway-reader.ts";
import type { Engine, TransitionDraft } from "./engine.ts";
import type { GatewaySightings, Sighting } from "./gateway-sightings.ts";

/** A gateway that is there makes its stream anew long before. */
const removedAfterMs = 60_000;

type Positions = ReadonlyMap<string, GatewayPosition>;

/** What follows from what was seen. */
export interface SightingsJudged {
  /** What the rules found. */
  readonly found: readonly TransitionDraft[];
  /** The streams that were removed; the rules have forgotten their gateways. */
  readonly gone: readonly string[];
}

/**
 * Tells the rules what was seen of the streams that are read, and of those that were and are no
 * more. `positions` says how far each was read, `isRead` whether it still is.
 */
export function judgeSightings(
  sightings: GatewaySightings,
  positions: Positions,
  isRead: (stream: string) => boolean,
  engine: Engine,
): SightingsJudged {
  const found: TransitionDraft[] = [];
  for (const sighting of sightings.all) {
    const { gateway, lastSeq, lastStoredMs: storedMs, quietMs } = sighting;
    if (!isRead(gateway.stream)) continue;
    const isKnown = isReadToItsEnd(sighting, positions);
    found.push(...engine.see({ ...gateway, storedMs, lastSeq, quietMs: isKnown ? quietMs : 0 }));
  }
  const gone = [...positions.keys()].filter(
    (stream) => !isRead(stream) && sightings.goneMs(stream) >= removedAfterMs,
  );
  for (const stream of gone) {
    const gateway = gatewayOfStream(stream);
    if (gateway !== undefined) found.push(...engine.remove(gateway));
  }
  return { found, gone };
}

/** Only then the last word of its gateway is known: it may be that it stops. */
export function isReadToItsEnd(
  { gateway, lastSeq, messages }: Sighting,
  positions: Positions,
): boolean {
  const { mark, stray } = positions.get(gateway.stream) ?? {};
  const readSeq = Math.max(mark?.streamSeq ?? 0, stray?.streamSeq ?? 0);
  return readSeq === lastSeq || (messages === 0 && readSeq < lastSeq);
}
