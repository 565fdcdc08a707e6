/**
 * Where the flow can be looked at while it runs. Nobody looks most of the time, so the rooms ask
 * first: `if (taps.wanted("received")) taps.offer("received", device, facts)` costs one look at a
 * number when there is no listener.
 */
export const tapStages = ["received", "normalized", "late", "rejected"] as const;

/**
 * `received`: bytes of a source; `normalized`: an event as it goes to the buffer; `late`: those of
 * them that come long after they happened, or are not the newest of their device; `rejected`: what did
 * not fit.
 */
export type TapStage = (typeof tapStages)[number];

/** What a stage says about one message or event; must be fit for JSON. */
export type TapFacts = Readonly<Record<string, unknown>>;

/** What a room of the flow knows of those who look. */
export interface Taps {
  /** True while anybody listens to this stage. */
  wanted(stage: TapStage): boolean;
  /** Shows one message or event to whoever listens; `null` for the gateway itself. */
  offer(stage: TapStage, device: string | null, facts: TapFacts): void;
}
