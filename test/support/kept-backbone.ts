/**
 * The content of a backbone as lines of readable JSON, and back into an empty server: the same
 * messages under the same numbers, so that positions and revisions that point at them hold.
 */
import { gunzipSync, gzipSync } from "node:zlib";
import { jetstream, jetstreamManager, type StreamConfig } from "@nats-io/jetstream";
import { headers, type MsgHdrs, type NatsConnection } from "@nats-io/transport-node";

interface KeptStream {
  readonly stream: string;
  readonly config: Partial<StreamConfig> & { readonly name: string };
}

interface KeptMessage {
  readonly stream: string;
  readonly seq: number;
  readonly subject: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  /** The text is compressed in the message. */
  readonly zipped?: true;
}

/** A fence that was kept holds no more: what it names may have been replaced since. */
const fencePrefix = "Nats-";

/** All streams, those behind buckets too: each with its settings, then with its messages. */
export async function keepBackbone(connection: NatsConnection): Promise<string[]> {
  const manager = await jetstreamManager(connection);
  const lines: (KeptStream | KeptMessage)[] = [];
  for await (const { config, state } of manager.streams.list()) {
    const stream = config.name;
    lines.push({ stream, config });
    for (let seq = state.first_seq; seq <= state.last_seq; seq += 1) {
      const message = await manager.streams.getMessage(stream, { seq }).catch(() => null);
      if (message === null) continue;
      const zipped = message.data[0] === 0x1f && message.data[1] === 0x8b;
      const bytes = zipped ? gunzipSync(message.data) : message.data;
      lines.push({
        stream,
        seq,
        subject: message.subject,
        headers: Object.fromEntries(
          message.header.keys().map((key) => [key, message.header.get(key)]),
        ),
        text: new TextDecoder("utf-8", { fatal: true }).decode(bytes),
        ...(zipped && { zipped }),
      });
    }
  }
  return lines.map((line) => JSON.stringify(line));
}

/** Rejects where a message does not get its number. */
export async function restoreBackbone(
  connection: NatsConnection,
  lines: readonly string[],
): Promise<void> {
  const manager = await jetstreamManager(connection);
  const client = jetstream(connection);
  const last = new Map<string, number>();
  for (const line of lines) {
    const kept: KeptStream | KeptMessage = JSON.parse(line);
    if ("config" in kept) {
      await manager.streams.add(kept.config);
      continue;
    }
    const { seq, stream, subject, text, zipped } = kept;
    const data = zipped ? gzipSync(text) : text;
    // A number that is missing is that of a value that was replaced: so it is replaced again.
    for (let at = (last.get(stream) ?? 0) + 1; at <= seq; at += 1) {
      const ack = await client.publish(subject, data, { headers: headersOf(kept) });
      if (ack.stream !== stream || ack.seq !== at)
        throw new Error(`message ${at} of ${stream} became ${ack.seq} of ${ack.stream}`);
    }
    last.set(stream, seq);
  }
}

function headersOf(kept: KeptMessage): MsgHdrs {
  const carried = headers();
  for (const [key, value] of Object.entries(kept.headers))
    if (!key.startsWith(fencePrefix)) carried.set(key, value);
  return carried;
}
