/**
 * Reads alert transitions in the order of their stream. Where the stream is not the one that was
 * read, everything it holds is read again: readers know a transition by its instance and order.
 */
import { allAlerts } from "../core/subject.ts";
import type { StoredTransition } from "./alert-log.ts";
import { type EntryMark, MarkedReading } from "./marked-reading.ts";
import type { BackboneOptions } from "./options.ts";
import { parseStoredTransition } from "./parse-transition.ts";
import { SteadyReader, type SteadyReaderDependencies } from "./steady-reader.ts";
import { alertsStreamContract } from "./stream-contract.ts";

/** Alerts are few, and may be large. */
const messagesInFlight = 500;

/** A transition that was read, as the mark to go on behind; plain JSON. */
export type AlertMark = EntryMark;

/** A transition with the mark to go on behind it. */
export type ReadTransition = StoredTransition & { readonly mark: AlertMark };

export interface AlertReaderDependencies extends SteadyReaderDependencies {
  readonly backboneOptions: BackboneOptions;
}

/**
 * Reads behind `mark`, or the whole stream where there is none, until the signal. Makes the stream
 * where it is missing. `onAnew` is called before the stream is read again from its beginning: places
 * in it are not what they were. `natsSubjectFilter` may take a part of all alerts.
 */
export function openAlertReader(
  mark: AlertMark | undefined,
  signal: AbortSignal,
  deps: AlertReaderDependencies,
  onAnew: () => void,
  natsSubjectFilter = allAlerts,
): SteadyReader<readonly ReadTransition[]> {
  const { backboneOptions, logger } = deps;
  const reading = new MarkedReading<StoredTransition>(mark, {
    contract: alertsStreamContract(backboneOptions),
    natsSubjectFilter,
    messagesInFlight,
    read: ({ body, natsSubject, streamSeq }) => {
      const transition = parseStoredTransition(natsSubject, body);
      return transition
        ? { entry: { transition, streamSeq }, id: transition.id }
        : { stray: "it is no alert transition under its own subject" };
    },
    onStray: ({ natsSubject, streamSeq }) =>
      logger.warn("a message is no alert transition under its own subject, and was passed over", {
        natsSubject,
        streamSeq,
      }),
    onAnew: ({ streamSeq: readUpTo }, { lastSeq }) => {
      logger.warn("the alerts stream is not the one that was read; reading it again", {
        readUpTo,
        lastSeq,
      });
      onAnew();
    },
  });
  return new SteadyReader(reading, signal, deps);
}
