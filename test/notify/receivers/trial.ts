import type { ReceiverSurroundings } from "../../../src/notify/receiver-kind.ts";

/** A world in which a receiver of a kind is told of something. */
export interface World {
  /** The entry as it stands in a configuration. */
  readonly entry: object;
  readonly surroundings?: Partial<ReceiverSurroundings>;
  /** What arrived, a text for each notice with the name of its alert; undefined where nobody sees it. */
  readonly arrived?: () => readonly string[];
}

/** What a kind brings for the test of all kinds: `test/notify/receivers/<kind>.ts` exports one as `trial`. */
export interface ReceiverTrial {
  /** Whoever is told takes everything. */
  readonly taken: () => Promise<World>;
  /** Whoever is told will never take it; undefined where that cannot be. */
  readonly refused: (() => Promise<World>) | undefined;
  /** Nobody is there, or nobody answers; undefined where that cannot be. */
  readonly broken: (() => Promise<World>) | undefined;
}
