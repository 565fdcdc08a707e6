/** What the stream of alerts says of what a receiver was told. */
import { type AlertTransition, siteOfAlert } from "../core/alert.ts";
import { readHead } from "../stream/alert-log.ts";
import type { AlertReaderDependencies } from "../stream/alert-reader.ts";
import { openOperatorReader } from "../stream/operator-reader.ts";
import { readAlerts, readNextTransition } from "../stream/read-alerts.ts";
import type { AlertsTold } from "./receiver.ts";

const connectWithinMs = 5_000;

/** `wasTold` knows how far the receiver was told. */
export function alertsTold(
  wasTold: (transition: AlertTransition) => boolean,
  deps: AlertReaderDependencies,
): AlertsTold {
  const { backbone, backboneOptions } = deps;
  return {
    async firing() {
      const connection = await backbone.connected(AbortSignal.timeout(connectWithinMs));
      const open = new Map<string, AlertTransition>();
      await readAlerts(connection, backboneOptions, ({ transition }) => {
        if (transition.quiet || !wasTold(transition)) return;
        if (transition.state === "firing") open.set(transition.instance, transition);
        else open.delete(transition.instance);
      });
      return [...open.values()];
    },
    async head(alert) {
      const connection = await backbone.connected(AbortSignal.timeout(connectWithinMs));
      const head = await readHead(connection, alert);
      if (head === undefined) return undefined;
      const site = siteOfAlert(alert);
      return (await readNextTransition(connection, alert.instance, site, head.streamSeq))
        ?.transition;
    },
    actions(signal) {
      const reader = openOperatorReader(undefined, signal, deps, () => {});
      return { next: async () => (await reader.next())?.map(({ action }) => action) };
    },
  };
}
