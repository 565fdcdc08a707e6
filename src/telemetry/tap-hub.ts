/**
 * Where the flow can be looked at while it runs. Nobody looks most of the time, so the rooms ask
 * first: `if (taps.wanted("sent")) taps.offer("sent", device, facts)` costs one look at a number
 * when there is no listener.
 */
export const tapStages = ["received", "normalized", "sent", "rejected"] as const;

/**
 * `received`: bytes of a source; `normalized`: an event as it goes to the buffer; `sent`: confirmed
 * by the backbone; `rejected`: what did not fit.
 */
export type TapStage = (typeof tapStages)[number];

/** What a stage says about one message or event; must be fit for JSON. */
export type TapFacts = Readonly<Record<string, unknown>>;

export interface TapListener {
  readonly stage: TapStage;
  /** Called during `offer`, with `null` for the gateway itself; must return at once. */
  take(device: string | null, facts: TapFacts): void;
}

export interface TapHub {
  /** True while anybody listens to this stage. */
  wanted(stage: TapStage): boolean;
  /** Shows one message or event to whoever listens. */
  offer(stage: TapStage, device: string | null, facts: TapFacts): void;
  /** Begins to listen. Gives the function that ends it. */
  listen(listener: TapListener): () => void;
}

export function createTapHub(): TapHub {
  const listeners: Record<TapStage, Set<TapListener>> = {
    received: new Set(),
    normalized: new Set(),
    sent: new Set(),
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
