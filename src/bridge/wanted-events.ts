/** Which events a target is to get. */
import type { StoredEvent } from "../core/event.ts";
import { matchesGlob } from "../core/glob.ts";
import { remember } from "../core/remember.ts";
import type { WhatOptions } from "./options.ts";

/** Names are few and come with every event. */
const mostNames = 16_384;

export interface Wanted {
  event(event: StoredEvent): boolean;
  /** Whether alert transitions of a site are; false for all where none are carried. */
  alertsOf(site: string): boolean;
}

export function wantedOf({ alerts, devices, gateways, kinds, sites }: WhatOptions): Wanted {
  const isSite = anyOf(sites);
  const isGateway = anyOf(gateways);
  const isDevice = anyOf(devices);
  const wanted = new Set<string>(kinds);
  return {
    event: ({ device, kind, origin }) =>
      wanted.has(kind) &&
      isSite(origin.site) &&
      isGateway(origin.gateway) &&
      (device === null ? devices === undefined : isDevice(device)),
    alertsOf: (site) => alerts && isSite(site),
  };
}

function anyOf(globs: readonly string[] | undefined): (name: string) => boolean {
  if (globs === undefined) return () => true;
  return remember(mostNames, (name) => globs.some((glob) => matchesGlob(glob, name)));
}
