import { stat } from "node:fs/promises";
import { type Clock, sleep } from "../core/clock.ts";
import type { BackboneOptions } from "./options.ts";

const lookEveryMs = 2_000;

/**
 * Waits, but not longer than until one of the files that say who we are is another: whoever renews
 * credentials that were refused should not have to wait for the next attempt.
 */
export async function waitOrRenewed(
  { credentials, tls }: Pick<BackboneOptions, "credentials" | "tls">,
  waitMs: number,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  const files = [credentials?.file, tls?.ca, tls?.cert, tls?.key].filter(
    (file) => file !== undefined,
  );
  const before = await printOf(files);
  const endMs = clock.monotonicMs() + waitMs;
  for (let leftMs = waitMs; leftMs > 0 && !signal.aborted; leftMs = endMs - clock.monotonicMs()) {
    await sleep(clock, Math.min(lookEveryMs, leftMs), signal);
    if ((await printOf(files)) !== before) return;
  }
}

/** What changes when a file is written or another takes its place. */
async function printOf(files: readonly string[]): Promise<string> {
  const prints = files.map((file) =>
    stat(file).then(
      ({ ino, mtimeMs, size }) => `${ino} ${mtimeMs} ${size}`,
      () => "none",
    ),
  );
  return (await Promise.all(prints)).join("\n");
}
