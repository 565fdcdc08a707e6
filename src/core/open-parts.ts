import { stopAll } from "./stop-all.ts";

/** Takes what stops a part that is open now. */
export type AtEnd = (step: () => Promise<void> | void) => void;

/** Parts that lean on each other, all open. */
export interface OpenParts<T> {
  readonly parts: T;
  /** Stops them, the last first; does nothing the second time. */
  stop(): Promise<void>;
}

/**
 * Opens parts one after the other. Where one fails, those before it are stopped again, and the
 * failure is passed on.
 */
export async function openParts<T>(open: (atEnd: AtEnd) => Promise<T>): Promise<OpenParts<T>> {
  const steps: (() => Promise<void> | void)[] = [];
  const stop = (): Promise<void> => stopAll(steps.splice(0).reverse());
  try {
    return { parts: await open((step) => void steps.push(step)), stop };
  } catch (thrown) {
    await stopAll([() => Promise.reject(thrown), stop]);
    throw thrown;
  }
}
