/**
 * Reads what is for one gateway in the stream of commands, in order. Where the stream is not the one
 * that was read, everything it holds is read again: the ids tell what was there before.
 */
import { type CommandOrder, decodeOrder, isMalformedCommand } from "../core/command-codec.ts";
import type { Origin } from "../core/event.ts";
import type { StreamSeq } from "../core/ids.ts";
import type { Metrics } from "../core/metrics.ts";
import { commandsCopyStream, gatewayCommands } from "../core/subject.ts";
import { commandIdOf, type StoredOrder } from "./command-log.ts";
import { type EntryMark, MarkedReading } from "./marked-reading.ts";
import type { BackboneOptions } from "./options.ts";
import { SteadyReader, type SteadyReaderDependencies } from "./steady-reader.ts";
import { commandsStreamContract } from "./stream-contract.ts";

/** Commands are few, and may be large. */
const messagesInFlight = 100;

/** An order, with the mark to go on behind it. */
export type ReadOrder = StoredOrder & { readonly mark: EntryMark };

export interface CommandReaderDependencies extends SteadyReaderDependencies {
  readonly backboneOptions: BackboneOptions;
  readonly metrics: Metrics;
}

/**
 * Reads behind `mark`, or the whole stream where there is none, until the signal. Makes the stream
 * where it is missing. `onAnew` is called before the stream is read again from its beginning.
 */
export function openCommandReader(
  origin: Origin,
  mark: EntryMark | undefined,
  signal: AbortSignal,
  deps: CommandReaderDependencies,
  onAnew: () => void,
): SteadyReader<readonly ReadOrder[]> {
  const { backboneOptions, logger } = deps;
  const strays = deps.metrics.counter(
    "gateway_commands_malformed_total",
    "Messages in the stream of commands that are none, and were passed over.",
  );
  /** Anybody may write there, so a line for each kind of them is enough. */
  const said = new Set<string>();
  const reading = new MarkedReading<CommandOrder & { readonly streamSeq: StreamSeq }>(mark, {
    contract: commandsStreamContract(backboneOptions),
    natsSubjectFilter: gatewayCommands(origin.site, origin.gateway),
    copy: commandsCopyStream(origin.gateway),
    messagesInFlight,
    read: ({ body, natsSubject, streamSeq }) => {
      const order = decodeOrder(natsSubject, body);
      return isMalformedCommand(order)
        ? { stray: order.malformed }
        : { entry: { ...order, streamSeq }, id: commandIdOf(order) };
    },
    onStray: ({ natsSubject, streamSeq }, reason) => {
      strays.add();
      const level = said.has(reason) ? "debug" : "warn";
      said.add(reason);
      logger[level]("a message in the stream of commands is none, and was passed over", {
        natsSubject,
        streamSeq,
        reason,
      });
    },
    onAnew: ({ streamSeq: readUpTo }, { lastSeq }) => {
      logger.warn("the stream of commands is not the one that was read; reading it again", {
        readUpTo,
        lastSeq,
      });
      onAnew();
    },
  });
  return new SteadyReader(reading, signal, deps);
}
