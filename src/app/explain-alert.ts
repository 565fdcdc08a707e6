/** How an alert of a device was at a moment: its gateways' streams, heard again up to then. */
import type { SitePlace } from "../config/site/read-site-place.ts";
import type { EpochMs } from "../core/clock.ts";
import type { StoredEvent } from "../core/event.ts";
import type { InstanceView, UnwatchedView } from "../rules/answers/instance-view.ts";
import { createRuleEngine } from "../rules/engine.ts";
import type { TrialRules } from "../rules/trial/run-trial.ts";
import { readStreams } from "./recorded-events.ts";

/** As many of its last samples are shown. */
const mostSamples = 5;

export interface PastExplanation {
  readonly instances: readonly (InstanceView | UnwatchedView)[];
  /** The last messages of the device with values, oldest first. */
  readonly samples: readonly StoredEvent[];
}

/** Reads the streams of all gateways that have such a device; for an alert of a site, of all. */
export async function explainAt(
  site: SitePlace,
  servers: readonly string[],
  { reserved, rules }: TrialRules,
  asked: { readonly alert: string; readonly device: string; readonly atMs: EpochMs },
): Promise<PastExplanation> {
  const engine = createRuleEngine(rules, undefined, reserved);
  const samples: StoredEvent[] = [];
  const lasts = new Map<string, StoredEvent>();
  const take = (event: StoredEvent): boolean => {
    if (event.receivedMs > asked.atMs) return true;
    lasts.set(event.origin.gateway, event);
    engine.feed(event);
    engine.derived();
    if (event.kind === "measurement" && event.device === asked.device) {
      samples.push(event);
      if (samples.length > mostSamples) samples.shift();
    }
    return true;
  };
  const isOfDevice = rules.rules
    .filter(({ alert, id }) => alert === asked.alert || id === asked.alert)
    .every(({ per }) => per === undefined || per === "metric");
  await readStreams(site, servers, take, {
    device: isOfDevice ? asked.device : undefined,
    onGateways: (gateways) => engine.expect(gateways),
  });
  // As the hub would have seen by then who said nothing any more.
  for (const { origin, receivedMs } of lasts.values())
    for (const quietMs of [1, asked.atMs - receivedMs])
      engine.see({ ...origin, storedMs: receivedMs, lastSeq: 0, quietMs });
  return { instances: engine.explain(asked.alert, asked.device), samples };
}
