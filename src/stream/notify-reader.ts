/** Attempts to tell receivers, in the order of their log, as they are appended. */
import { type EntryMark, type MarkedEntry, MarkedReading } from "./marked-reading.ts";
import { type DeliveryAttempt, parseAttempt } from "./notify-log.ts";
import type { BackboneOptions } from "./options.ts";
import { SteadyReader, type SteadyReaderDependencies } from "./steady-reader.ts";
import { notifyLogStreamContract } from "./stream-contract.ts";

const messagesInFlight = 500;

export type ReadAttempt = MarkedEntry<{
  readonly attempt: DeliveryAttempt;
  readonly streamSeq: number;
}>;

export interface NotifyReaderDependencies extends SteadyReaderDependencies {
  readonly backboneOptions: BackboneOptions;
}

/**
 * Reads behind `mark`, or the whole log where there is none, until the signal. Makes the log where it is
 * missing. `onAnew` is called before it is read again from its beginning.
 */
export function openNotifyReader(
  mark: EntryMark | undefined,
  signal: AbortSignal,
  deps: NotifyReaderDependencies,
  onAnew: () => void,
): SteadyReader<readonly ReadAttempt[]> {
  const reading = new MarkedReading<Omit<ReadAttempt, "mark" | "storedMs">>(mark, {
    contract: notifyLogStreamContract(deps.backboneOptions),
    natsSubjectFilter: "notify.>",
    messagesInFlight,
    read: ({ body, streamSeq }) => {
      const attempt = parseAttempt(body);
      if (!attempt) return { stray: "it is no attempt of a notifier" };
      const { at, outcome, receiver, transition } = attempt;
      const id = [receiver, transition, attempt.attempt, outcome, at].join(" ");
      return { entry: { attempt, streamSeq }, id };
    },
    onStray: ({ natsSubject, streamSeq }) =>
      deps.logger.debug("a message is no attempt of a notifier, and was passed over", {
        natsSubject,
        streamSeq,
      }),
    onAnew,
  });
  return new SteadyReader(reading, signal, deps);
}
