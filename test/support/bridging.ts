import { onTestFinished } from "vitest";
import { systemClock } from "../../src/app/system-clock.ts";
import { type Bridge, createBridge, echoName } from "../../src/bridge/bridge.ts";
import type { LinkSecrets } from "../../src/bridge/link-secrets.ts";
import { openLink } from "../../src/bridge/open-link.ts";
import { bridgeOptions, type TargetOptions } from "../../src/bridge/options.ts";
import type { Clock } from "../../src/core/clock.ts";
import { leasesBucket } from "../../src/core/subject.ts";
import type { Backbone } from "../../src/stream/backbone.ts";
import { cacheBucket } from "../../src/stream/kv.ts";
import { Roll } from "../../src/stream/roll.ts";
import { backboneOptionsFor } from "./backbone.ts";
import { silentLogger, silentMetrics } from "./silence.ts";

/** None of them. */
export const noSecrets: LinkSecrets = {
  password: undefined,
  token: undefined,
  ca: undefined,
  cert: undefined,
  key: undefined,
};

/** A target as a configuration has it. */
export function targetFrom(written: object): TargetOptions {
  const [target] = bridgeOptions.parse([written]);
  if (!target) throw new Error("no target");
  return target;
}

/** A bridge at work in this process; it stops when the test ends. */
export function startBridge(
  backbone: Backbone,
  url: string,
  targets: readonly object[],
  {
    clock = systemClock,
    site = "plant-a",
    secrets = () => noSecrets,
  }: {
    readonly clock?: Clock;
    readonly site?: string;
    /** What the options of targets refer to; read at each connect. */
    readonly secrets?: () => LinkSecrets;
  } = {},
): Bridge {
  const backboneOptions = backboneOptionsFor(url);
  const random = Math.random;
  const deps = { backbone, backboneOptions, clock, random, logger: silentLogger };
  const bridge = createBridge({
    ...deps,
    site,
    targets: targets.map(targetFrom),
    metrics: silentMetrics,
    colleagues: new Roll({
      ...deps,
      role: "bridge",
      bucket: cacheBucket(backbone, leasesBucket, backboneOptions),
      name: "box",
      mark: { own: undefined, isGone: async () => false },
    }),
    openLink: (options, health) =>
      openLink(options, {
        ...{ clock, logger: silentLogger, health },
        ownName: echoName(site, options.name),
        secrets: async () => secrets(),
      }),
  });
  onTestFinished(() => bridge.stop());
  bridge.start();
  return bridge;
}
