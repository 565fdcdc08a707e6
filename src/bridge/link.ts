/** What a target is to the rest of the bridge. */
import type { Clock } from "../core/clock.ts";
import type { Logger } from "../core/logger.ts";
import type { Letter } from "./letter.ts";
import type { LinkSecrets } from "./link-secrets.ts";
import type { TargetHealth } from "./target-health.ts";

/** Nothing is known to be taken; the same may be taken later. */
export interface Trouble {
  readonly kind: "trouble";
  /** For people, without secrets. */
  readonly reason: string;
  /** Somebody has to change something first. */
  readonly needsPeople?: boolean;
  /** How long the target asks to be left alone. */
  readonly restMs?: number | undefined;
}

/** What became of a letter. */
export type Delivered =
  | { readonly kind: "taken" }
  /** Never taken, however often it is tried. */
  | { readonly kind: "refused"; readonly reason: string }
  | Trouble;

/** A target that takes one letter after the other, and says of each that it has it. */
export interface LetterLink {
  readonly kind: "letters";
  /** Letters on their way at once, of different lanes. */
  readonly atOnce: number;
  /** Never rejects. Once the signal is aborted nobody waits for it. */
  deliver(letter: Letter, signal: AbortSignal): Promise<Delivered>;
  close(): Promise<void>;
}

/** A target that takes many letters and where we are with them, all or nothing. */
export interface BatchLink {
  readonly kind: "batches";
  /**
   * Ends whoever wrote this share before, so that nothing of his arrives any more, and reads what was
   * carried up to then. Rejects with a `LinkTrouble`.
   */
  begin(share: string, signal: AbortSignal): Promise<BatchSession>;
  close(): Promise<void>;
}

/** The right to write one share, until somebody else begins. */
export interface BatchSession {
  /** What was stored with what was carried, by its names; whatever JSON it is. */
  readonly positions: ReadonlyMap<string, unknown>;
  /**
   * Stores letters, in their order, and positions together. Gives those that are never taken, which are
   * in neither. Rejects with a `LinkTrouble`: then nobody knows what is stored, and the session is over.
   */
  carry(
    letters: readonly Letter[],
    positions: ReadonlyMap<string, object>,
    setAside: (letter: Letter, reason: string) => Promise<boolean>,
  ): Promise<void>;
  end(): Promise<void>;
}

export type Link = LetterLink | BatchLink;

/** A link that cannot go on for now. */
export class LinkTrouble extends Error {
  override readonly name = "LinkTrouble";
  readonly trouble: Trouble;

  constructor(trouble: Trouble, options?: { readonly cause?: unknown }) {
    super(trouble.reason, options);
    this.trouble = trouble;
  }
}

/** What the way to a target is made with. */
export interface LinkDependencies {
  readonly clock: Clock;
  readonly logger: Logger;
  /** Hears of what a target says by itself, such as that it takes nothing for now. */
  readonly health: TargetHealth;
  /** What the bridge is called in `bridgedby`. */
  readonly ownName: string;
  /** Read anew at each connect. */
  readonly secrets: () => Promise<LinkSecrets>;
}

/** What finding out takes whether a target lets us in. */
export interface TryDependencies {
  readonly clock: Clock;
  readonly secrets: () => Promise<LinkSecrets>;
  /** Ends it. */
  readonly signal: AbortSignal;
}
