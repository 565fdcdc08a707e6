/** Those who look at the flow, and what is shown to them. */
import type { TapFacts, TapStage, Taps } from "../core/taps.ts";

export interface TapListener {
  readonly stage: TapStage;
  /** Called during `offer`, with `null` for the gateway itself; must return at once. */
  take(device: string | null, facts: TapFacts): void;
}

export interface TapHub extends Taps {
  /** Begins to listen. Gives the function that ends it. */
  listen(listener: TapListener): () => void;
}

export function createTapHub(): TapHub {
  const listeners: Record<TapStage, Set<TapListener>> = {
    received: new Set(),
    normalized: new Set(),
    late: new Set(),
    rejected: new Set(),
  };
  return {
    wanted: (stage) => listeners[stage].size > 0,
    offer(stage, device, facts) {
      for (const listener of listeners[stage]) listener.take(device, facts);
    },
    listen(listener) {
      listeners[listener.stage].add(listener);
      return () => void listeners[listener.stage].delete(listener);
    },
  };
}
