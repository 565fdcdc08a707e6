import type { Clock } from "../core/clock.ts";
import { type Key, KeyReader } from "../screen/key-reader.ts";

/**
 * Takes the keyboard of a terminal on which no screen is drawn, at once: keys pressed while nobody waits
 * for them are gone, and do not act later. Gives what gives it back.
 */
export function takeKeys(
  stdin: NodeJS.ReadStream,
  clock: Clock,
  onKey: (key: Key) => void,
): () => void {
  const reader = new KeyReader(clock, onKey);
  const read = (bytes: Buffer): void => reader.take(bytes);
  stdin.setRawMode(true).on("data", read).resume();
  return () => {
    stdin.off("data", read).setRawMode(false).pause();
    reader.stop();
  };
}
