/** A gateway that is told to drain takes nothing more from devices, and goes on sending what it has. */
import type { Question } from "../core/question.ts";

export interface Drain {
  /** It takes nothing more. */
  readonly isClosed: boolean;
  /** Answers once no message of a device reaches the log any more. */
  readonly begin: Question;
}

/** Devices keep what is not acknowledged, and send it to whoever answers next. */
export function drainOf(stopSources: () => Promise<void>): Drain {
  let isClosed = false;
  return {
    get isClosed() {
      return isClosed;
    },
    async begin() {
      isClosed = true;
      await stopSources();
      return { closed: true };
    },
  };
}
