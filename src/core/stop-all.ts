import { GatewayError } from "./errors.ts";

/**
 * Takes every step of a stop, one after the other, whatever becomes of the steps before it: a part
 * that cannot stop must not leave the log open or the folder locked. Rejects at the end with what
 * the first failed step said; the causes of several are joined.
 */
export async function stopAll(steps: Iterable<() => Promise<void> | void>): Promise<void> {
  const errors: unknown[] = [];
  for (const step of steps) {
    try {
      await step();
    } catch (thrown) {
      errors.push(thrown);
    }
  }
  const [first] = errors;
  if (errors.length === 1) throw first;
  if (errors.length === 0) return;
  const words = errors.map((error) => (error instanceof Error ? error.message : String(error)));
  const code = first instanceof GatewayError ? first.code : "internal.bug";
  throw new GatewayError(code, words.join("; "), { cause: new AggregateError(errors) });
}
