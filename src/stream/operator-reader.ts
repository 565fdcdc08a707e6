/**
 * What people do about alerts, as it is appended. Where the stream is not the one that was read,
 * everything it holds is read again: the ids tell what was there before.
 */
import { allOperatorActions } from "../core/subject.ts";
import type { AlertReaderDependencies } from "./alert-reader.ts";
import { type EntryMark, MarkedReading } from "./marked-reading.ts";
import type { StoredAction } from "./operator-log.ts";
import { parseAction } from "./parse-action.ts";
import { SteadyReader } from "./steady-reader.ts";
import { alertsStreamContract } from "./stream-contract.ts";

/** People are slow. */
const messagesInFlight = 100;

/** An action, with the mark to go on behind it. */
export type ReadAction = StoredAction & { readonly mark: EntryMark };

/**
 * Reads behind `mark`, or the whole stream where there is none, until the signal. Makes the stream
 * where it is missing. `onAnew` is called before the stream is read again from its beginning: places
 * in it are not what they were.
 */
export function openOperatorReader(
  mark: EntryMark | undefined,
  signal: AbortSignal,
  deps: AlertReaderDependencies,
  onAnew: () => void,
  natsSubjectFilter = allOperatorActions,
): SteadyReader<readonly ReadAction[]> {
  const { backboneOptions, logger } = deps;
  const reading = new MarkedReading<Omit<StoredAction, "storedMs">>(mark, {
    contract: alertsStreamContract(backboneOptions),
    natsSubjectFilter,
    messagesInFlight,
    read: ({ body, natsSubject, streamSeq }) => {
      const action = parseAction(natsSubject, body);
      return action
        ? { entry: { action, streamSeq }, id: action.id }
        : { stray: "it is no action on an alert under its own subject" };
    },
    onStray: ({ natsSubject, streamSeq }) =>
      logger.warn("a message is no action on an alert under its own subject, and was passed over", {
        natsSubject,
        streamSeq,
      }),
    onAnew: ({ streamSeq: readUpTo }, { lastSeq }) => {
      logger.warn("the alerts stream is not the one that was read; reading what people did again", {
        readUpTo,
        lastSeq,
      });
      onAnew();
    },
  });
  return new SteadyReader(reading, signal, deps);
}
