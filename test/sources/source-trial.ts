import type { Source } from "../../src/core/message.ts";

/** What a kind brings for the test of all kinds: `test/sources/<kind>/trial.ts` exports one as `trial`. */
export interface SourceTrial {
  /** An entry as it stands in a configuration; what it opens is free. */
  readonly entry: object;
  /**
   * Says each payload to the source as one device does, and resolves when the device may forget them;
   * undefined for a way in on which nobody says anything.
   */
  readonly send: ((source: Source, payloads: readonly string[]) => Promise<void>) | undefined;
  /** Whether the device is told that it may forget them. */
  readonly acknowledges: boolean;
}
