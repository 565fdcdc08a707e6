/** What a site's bridges carried and did not, joined by hand for commands. */

import { behindIn } from "../bridge/behind.ts";
import { positionsKey } from "../bridge/share-name.ts";
import { skipLetter } from "../bridge/skipped-letters.ts";
import type { SitePlace } from "../config/site/read-site-place.ts";
import { GatewayError } from "../core/errors.ts";
import { partitionOf, positionsBucket } from "../core/subject.ts";
import { readSetAside, type SetAside } from "../stream/bridge-aside.ts";
import { connectInTime } from "../stream/connect-in-time.ts";
import { lookAtGateways } from "../stream/discover-gateways.ts";
import { openBucket } from "../stream/kv.ts";
import { openReadOnlyBucket } from "../stream/read-only-bucket.ts";
import { readReadingPositions } from "../stream/reading-positions.ts";
import { openBackboneFor } from "./open-backbone-for.ts";
import { siteBackboneOptions } from "./site-backbone.ts";

/** How long the backbone is waited for. */
const timeoutMs = 5_000;

/** How far one target is, by what its bridges saved. */
export interface CarriedTo {
  readonly target: string;
  readonly kind: string;
  /** Messages that the streams hold and the target has not got. */
  readonly behind: number;
  readonly refused: number;
  readonly skipped: number;
  /** Events that their streams let go of before they were carried, at most. */
  readonly missed: number;
}

export interface BridgeDesk {
  targets(): Promise<readonly CarriedTo[]>;
  /** What targets never got, the oldest first. */
  aside(): Promise<readonly SetAside[]>;
  /** Wants a letter set aside; the bridge does so within seconds, where it is the one that does not go. */
  skip(target: string, id: string, reason: string): Promise<void>;
  close(): Promise<void>;
}

/** Rejects with `stream.unavailable` when no server answers, `config.invalid` where no target is named. */
export async function openBridgeDesk(
  site: SitePlace,
  servers: readonly string[],
): Promise<BridgeDesk> {
  const { bridge: targets } = site.config;
  if (targets.length === 0)
    throw new GatewayError(
      "config.invalid",
      "the configuration has no section bridge with a target; config/examples/bridge.yaml shows one",
    );
  const options = siteBackboneOptions({ site, servers });
  const backbone = openBackboneFor(options, "sluicegate-bridge-desk");
  const advice = "say where it is with --nats";
  const connection = await connectInTime(backbone, { servers, timeoutMs, advice }).catch(
    async (thrown: unknown) => {
      await backbone.close();
      throw thrown;
    },
  );

  const behindOf = async (target: string): Promise<number> => {
    const bucket = await openReadOnlyBucket(connection, positionsBucket);
    const { gateways } = await lookAtGateways(connection);
    let behind = 0;
    for (const partition of new Set(gateways.map(({ gateway }) => partitionOf(gateway.site)))) {
      const key = positionsKey({ target, partition });
      const saved = bucket && (await readReadingPositions(bucket, key));
      for (const seen of gateways)
        if (partitionOf(seen.gateway.site) === partition)
          behind += behindIn(seen, saved?.gateways[seen.gateway.stream]);
    }
    return behind;
  };

  return {
    async targets() {
      const aside = await readSetAside(connection);
      const sumOf = (target: string, kind: SetAside["kind"]): number =>
        aside
          .filter((one) => one.target === target && one.kind === kind)
          .reduce((sum, { events }) => sum + events, 0);
      return Promise.all(
        targets.map(async ({ kind, name }) => ({
          ...{ target: name, kind, behind: await behindOf(name) },
          ...{ refused: sumOf(name, "refused"), skipped: sumOf(name, "skipped") },
          missed: sumOf(name, "gap"),
        })),
      );
    },
    aside: () => readSetAside(connection),
    async skip(target, id, reason) {
      const names = targets.map(({ name }) => name);
      if (!names.includes(target))
        throw new GatewayError(
          "usage",
          `no target is named ${target}; there are ${names.join(", ")}`,
        );
      const bucket = await openBucket(connection, positionsBucket, options.replicas);
      await skipLetter(bucket, target, { id, reason }, Math.random);
    },
    close: () => backbone.close(),
  };
}
