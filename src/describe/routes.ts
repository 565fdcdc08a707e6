/** How messages of a topic are read, by those who described it. */
import { BoundedMap } from "../core/bounded-map.ts";
import type { DeviceId } from "../core/ids.ts";
import type { KnownDevice } from "../normalize/known-device.ts";
import type { Route } from "../normalize/route.ts";
import type { DescribedTopic } from "../normalize/self-described.ts";
import type { Claim } from "./register.ts";

const mostNamed = 4_096;
const noWords: ReadonlyMap<string, string> = new Map();

export class DescribedRoutes {
  /** Devices that credentials name, with the profile of another's description. */
  readonly #named = new BoundedMap<string, KnownDevice>(mostNamed);

  /** Undefined where nobody claims anything. */
  of(claims: readonly Claim[], named: DeviceId | undefined): DescribedTopic | undefined {
    if (claims.length === 0) return undefined;
    const readers = claims.filter(({ topic }) => topic.metrics.length > 0);
    const [first, ...others] = named === undefined ? readers : ownFirst(readers, named).slice(0, 1);
    if (first !== undefined) {
      const more = others.map((claim) => this.#reading(claim, named));
      return { kind: "routes", routes: [this.#reading(first, named), ...more] };
    }
    const presence = whosePresence(claims, named);
    const status = presence?.topic.presence;
    if (presence === undefined || status === undefined) return { kind: "nothing" };
    const device = this.#deviceOf(presence, named);
    return { kind: "routes", routes: [{ kind: "status", device, status }] };
  }

  #reading(claim: Claim, named: DeviceId | undefined): Route {
    const device = this.#deviceOf(claim, named);
    return {
      kind: "measurement",
      profile: claim.topic.profile ?? device.profile,
      device,
      asksMessage: false,
      metrics: claim.topic.metrics,
      renames: false,
      words: noWords,
    };
  }

  #deviceOf({ device: { known } }: Claim, named: DeviceId | undefined): KnownDevice {
    if (named === undefined || named === known.id) return known;
    const key = `${known.profile.id}\0${named}`;
    const before = this.#named.get(key);
    if (before?.profile === known.profile) return before;
    const device: KnownDevice = { ...known, id: named, word: undefined };
    this.#named.set(key, device);
    return device;
  }
}

/**
 * Where several devices speak through another one, its topic says whether that one is there: of it
 * alone, if it described itself.
 */
function whosePresence(claims: readonly Claim[], named: DeviceId | undefined): Claim | undefined {
  const all = claims.filter(({ topic }) => topic.presence !== undefined);
  if (all.length === 1 || named !== undefined) return ownFirst(all, named)[0];
  const own = all.filter(({ device }) => !device.isBehindAnother);
  return own.length === 1 ? own[0] : undefined;
}

function ownFirst(claims: readonly Claim[], named: DeviceId | undefined): readonly Claim[] {
  const own = claims.filter(({ device }) => device.known.id === named);
  return own.length > 0 ? own : claims;
}
