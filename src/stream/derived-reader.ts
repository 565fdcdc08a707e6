/**
 * Reads derived values in the order of their stream. Where the stream is not the one that was read,
 * everything it holds is read again: readers know a value by its id, and of one pane the highest
 * `rev` is the value.
 */
import { type DerivedValue, decodeDerived, derivedIdOf } from "../core/derived-value.ts";
import { allDerived, derivedSubject } from "../core/subject.ts";
import { type EntryMark, type MarkedEntry, MarkedReading } from "./marked-reading.ts";
import type { BackboneOptions } from "./options.ts";
import { SteadyReader, type SteadyReaderDependencies } from "./steady-reader.ts";
import { derivedStreamContract } from "./stream-contract.ts";

const messagesInFlight = 2_000;

/** A derived value with the mark to go on behind it. */
export type ReadDerived = MarkedEntry<{ readonly value: DerivedValue }>;

export interface DerivedReaderDependencies extends SteadyReaderDependencies {
  readonly backboneOptions: BackboneOptions;
}

/**
 * Reads behind `mark`, or the whole stream where there is none, until the signal. Makes the stream
 * where it is missing. `onAnew` is called before the stream is read again from its beginning.
 */
export function openDerivedReader(
  mark: EntryMark | undefined,
  signal: AbortSignal,
  deps: DerivedReaderDependencies,
  onAnew: () => void = () => {},
): SteadyReader<readonly ReadDerived[]> {
  const { backboneOptions, logger } = deps;
  const reading = new MarkedReading<{ readonly value: DerivedValue }>(mark, {
    contract: derivedStreamContract(backboneOptions),
    natsSubjectFilter: allDerived,
    messagesInFlight,
    read: ({ body, natsSubject }) => {
      const value = decodeDerived(new TextDecoder().decode(body));
      return value && derivedSubject(value) === natsSubject
        ? { entry: { value }, id: derivedIdOf(value) }
        : { stray: "it is no derived value under its own subject" };
    },
    onStray: ({ natsSubject, streamSeq }) =>
      logger.warn("a message is no derived value under its own subject, and was passed over", {
        natsSubject,
        streamSeq,
      }),
    onAnew: ({ streamSeq: readUpTo }, { lastSeq }) => {
      logger.warn("the stream of derived values is not the one that was read; reading it again", {
        readUpTo,
        lastSeq,
      });
      onAnew();
    },
  });
  return new SteadyReader(reading, signal, deps);
}
