/** Devices that describe themselves, as the road of a message sees them. */
import type { DeviceId } from "../core/ids.ts";
import type { RawMessage } from "../core/message.ts";
import type { LaterSeq } from "../core/receipt.ts";
import type { Catalog } from "./catalog.ts";
import type { Misfit } from "./misfit.ts";
import { isUnread, type Routes } from "./route.ts";

/** A message that was taken as a description. */
export interface TakenDescription {
  /** What vouches for it, where something has to be kept. */
  readonly until?: LaterSeq;
}

/**
 * How messages of a topic are read that no profile reads: each of the routes gives an event of its
 * own; or as if they came on another topic; or there is nothing in them to store.
 */
export type DescribedTopic =
  | { readonly kind: "routes"; readonly routes: Routes }
  | { readonly kind: "as"; readonly topic: string }
  | { readonly kind: "nothing" };

export interface SelfDescribed {
  /** Takes a message that describes something, or says why not; undefined for all others. */
  take(message: RawMessage): TakenDescription | Misfit | undefined;
  /**
   * True below the topic of descriptions itself: no device is called so, and what a profile of any
   * device would read there is what was described.
   */
  isOwn(topic: string): boolean;
  /** `named` is the device that credentials name. Undefined where nobody described the topic. */
  find(topic: string, named: DeviceId | undefined): DescribedTopic | undefined;
}

/** The device whose topic it is by configuration or profile; undefined for one that nobody knows. */
export function readerOf(catalog: Catalog, topic: string): DeviceId | undefined {
  const routes = catalog.routes(topic, undefined);
  const [first] = routes;
  if (isUnread(routes) || first.kind === "noise" || first.kind === "none") return undefined;
  return first.device?.id;
}
