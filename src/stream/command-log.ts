/** Appends to the stream of commands, and reads what it holds now. */
import { jetstream } from "@nats-io/jetstream";
import type { NatsConnection } from "@nats-io/transport-node";
import type { EpochMs } from "../core/clock.ts";
import type { Command, CommandCancel } from "../core/command.ts";
import {
  type CommandOrder,
  decodeOrder,
  encodeOrder,
  isMalformedCommand,
} from "../core/command-codec.ts";
import { GatewayError } from "../core/errors.ts";
import { type StreamSeq, toStreamSeq } from "../core/ids.ts";
import { commandsStream } from "../core/subject.ts";
import { getLastMessage, readStreamFacts } from "./message-get.ts";
import { readMatching } from "./read-subject.ts";
import { toStreamError } from "./stream-error.ts";

const publishTimeoutMs = 5_000;

/** How an append ended: stored now, or found to be stored already. */
export interface AppendedOrder {
  readonly streamSeq: StreamSeq;
  readonly stored: boolean;
}

/** An order as it stands in the stream. */
export type StoredOrder = CommandOrder & {
  readonly streamSeq: StreamSeq;
  /** When the server stored it, by the server's clock. */
  readonly storedMs: EpochMs;
};

/**
 * Appends a command. The stream has to be there. After a failure it may have been stored, and the same
 * call is simply repeated: where it is the last command of its name for its device, it is found. In any
 * case the id decides, and a gateway takes a second one for the first.
 *
 * Throws `stream.refused` for what no gateway would read.
 */
export function appendCommand(
  connection: NatsConnection,
  command: Command,
): Promise<AppendedOrder> {
  return append(connection, { order: "command", command });
}

/** Appends what takes a command back. Repeated as `appendCommand` is. */
export function appendCancel(
  connection: NatsConnection,
  cancel: CommandCancel,
): Promise<AppendedOrder> {
  return append(connection, { order: "cancel", cancel });
}

/** The id of the command that an order is about. */
export function commandIdOf(order: CommandOrder): string {
  return order.order === "command" ? order.command.id : order.cancel.id;
}

async function append(connection: NatsConnection, order: CommandOrder): Promise<AppendedOrder> {
  const { natsSubject, text } = encodeOrder(order);
  const tried = `cannot append ${order.order} ${commandIdOf(order)}`;
  const read = decodeOrder(natsSubject, new TextEncoder().encode(text));
  if (isMalformedCommand(read))
    throw new GatewayError("stream.refused", `${tried}: ${read.malformed}`);
  const last = await getLastMessage(connection, commandsStream, natsSubject);
  const before = last && decodeOrder(natsSubject, last.body);
  if (last && before && !isMalformedCommand(before) && commandIdOf(before) === commandIdOf(order))
    return { streamSeq: last.streamSeq, stored: false };
  try {
    // Not demanded by a header: that would travel into copies, which servers then refuse to fill.
    const acked = await jetstream(connection).publish(natsSubject, text, {
      timeout: publishTimeoutMs,
    });
    if (acked.stream !== commandsStream)
      throw new GatewayError(
        "stream.contract-mismatch",
        `${tried}: the stream ${acked.stream} took it; take ${natsSubject} out of its subjects`,
      );
    return { streamSeq: toStreamSeq(acked.seq), stored: true };
  } catch (thrown) {
    throw toStreamError(thrown, tried);
  }
}

/**
 * Gives the orders under a subject filter that the stream holds now, stored at `sinceMs` or later, in
 * its order. One may come twice. What is none of ours is passed over; nothing is in a stream that does
 * not exist. Rejects when the connection ends before the last.
 */
export async function readCommands(
  connection: NatsConnection,
  natsSubjectFilter: string,
  sinceMs: EpochMs,
  onOrder: (order: StoredOrder) => void,
): Promise<void> {
  if (!(await readStreamFacts(connection, commandsStream))) return;
  const matching = { from: { storedMs: sinceMs }, natsSubjectFilter };
  await readMatching(connection, commandsStream, matching, (message) => {
    const order = decodeOrder(message.subject, message.data);
    if (!isMalformedCommand(order))
      onOrder({
        ...order,
        streamSeq: toStreamSeq(message.seq),
        storedMs: message.time.getTime(),
      });
    return true;
  });
}
