/** What the target of a bridge never got, each under a subject of its own. */
import { jetstream } from "@nats-io/jetstream";
import type { NatsConnection } from "@nats-io/transport-node";
import { fnv1a64 } from "../core/fnv1a.ts";
import { isObject } from "../core/is-object.ts";
import { bridgeAsideStream, setAsideSubject } from "../core/subject.ts";
import { readWholeStream, type WholeStreamMessage } from "./read-whole-stream.ts";
import { toStreamError } from "./stream-error.ts";

/** Of one letter; the body of a message. What it says stands in the stream that it is from. */
export interface SetAside {
  readonly schema: "bridge.aside/1";
  /** `gap`: the stream let go of it before it was carried. */
  readonly kind: "refused" | "skipped" | "gap";
  readonly target: string;
  /** Of the event or the transition; of a gap, the record before it and the one behind it. */
  readonly id: string;
  readonly stream: string;
  /** Absent for a gap. */
  readonly streamSeq?: number;
  /** How many events; 1 but for a gap. */
  readonly events: number;
  /** For people. */
  readonly reason: string;
  /** RFC 3339. */
  readonly at: string;
}

/** Notes one; the same letter of a target again replaces what was noted. Rejects where that failed. */
export async function noteSetAside(connection: NatsConnection, aside: SetAside): Promise<void> {
  const subject = setAsideSubject(aside.target, fnv1a64(`${aside.stream} ${aside.id}`));
  try {
    await jetstream(connection).publish(subject, JSON.stringify(aside), {
      timeout: 5_000,
      expect: { streamName: bridgeAsideStream },
    });
  } catch (thrown) {
    throw toStreamError(thrown, `cannot note what ${aside.target} did not get`);
  }
}

/** All that is kept, the oldest first; none where the stream is not there. */
export async function readSetAside(connection: NatsConnection): Promise<readonly SetAside[]> {
  const found: SetAside[] = [];
  await readWholeStream(connection, bridgeAsideStream, ({ body }) => {
    const aside = parseSetAside(body);
    if (aside) found.push(aside);
  });
  return found;
}

/** What was noted behind message `after` of the stream, with the place of each and its subject. */
export async function readSetAsideAfter(
  connection: NatsConnection,
  after: number,
  onNoted: (aside: SetAside, natsSubject: string, streamSeq: number) => void,
): Promise<void> {
  const onMessage = ({ body, natsSubject, streamSeq }: WholeStreamMessage): void => {
    const aside = parseSetAside(body);
    if (aside) onNoted(aside, natsSubject, streamSeq);
  };
  await readWholeStream(connection, bridgeAsideStream, onMessage, after);
}

/** Undefined for what is none of ours; of ours, the format vouches for the rest. */
function parseSetAside(body: Uint8Array): SetAside | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(body));
    return isSetAside(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isSetAside(value: unknown): value is SetAside {
  return isObject(value) && value["schema"] === "bridge.aside/1" && typeof value["id"] === "string";
}
