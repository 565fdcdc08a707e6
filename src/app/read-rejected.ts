import type { Origin, StoredEvent } from "../core/event.ts";
import { decodeEvent, isMalformed } from "../core/event-codec.ts";
import type { EventKind } from "../core/event-kind.ts";
import { type Seq, toSeq } from "../core/ids.ts";
import type { LogAccounts } from "../core/log-accounts.ts";
import type { ReadableLog } from "../core/log-reader.ts";
import { gatewayStream, kindSubjects } from "../core/subject.ts";
import type { RejectedMessage } from "../gateway/rejected/rejected-message.ts";
import { idOf } from "../gateway/rejected/wanted.ts";
import type { Backbone } from "../stream/backbone.ts";
import { readSingly } from "../stream/read-singly.ts";

export interface RejectedPlaces {
  readonly backbone: Backbone;
  readonly log: ReadableLog & Pick<LogAccounts, "confirmed">;
  readonly origin: Origin;
}

/** Takes events of one kind until it gives false. */
type Visit = (event: StoredEvent) => boolean | Promise<boolean>;

/** How long a backbone that is there is waited for. */
const connectMs = 2_000;
const mostRecords = 256;

/**
 * Gives the rejections of this gateway about which nothing was decided, oldest first, until `visit` gives
 * false: those that the backbone has from its stream, the others from the log. Resolves with false
 * where the backbone is out of reach: then what left the disk is not among them.
 */
export async function readRejected(
  places: RejectedPlaces,
  visit: (message: RejectedMessage) => boolean | Promise<boolean>,
): Promise<boolean> {
  const decided = new Set<string>();
  await readKind(places, "decision", (event) => {
    if (event.kind === "decision") for (const id of event.data.rejections) decided.add(id);
    return true;
  });
  return readKind(places, "rejection", (event) =>
    event.kind === "rejection" && !decided.has(idOf(event)) ? visit(event) : true,
  );
}

async function readKind(places: RejectedPlaces, kind: EventKind, visit: Visit): Promise<boolean> {
  const { backbone, log, origin } = places;
  const { gateway, site } = origin;
  const isConnected = backbone.state.kind === "connected";
  const confirmed = isConnected ? (log.confirmed?.seq ?? toSeq(0)) : toSeq(0);
  let goesOn = true;
  const show = async (body: Uint8Array): Promise<boolean> => {
    const event = decodeEvent(Buffer.from(body).toString());
    if (!isMalformed(event)) goesOn = await visit(event);
    return goesOn;
  };
  if (isConnected) {
    const connection = await backbone.connected(AbortSignal.timeout(connectMs));
    const subjects = kindSubjects(site, gateway, kind);
    await readSingly(connection, gatewayStream(gateway), subjects, (body) => {
      const event = decodeEvent(Buffer.from(body).toString());
      // What was sent and is not confirmed yet is read from the log, too.
      const isOfLog = !isMalformed(event) && event.position.seq > confirmed;
      return isOfLog ? true : show(body);
    });
  }
  if (goesOn) await readLog(log, confirmed, kind, show);
  return isConnected;
}

async function readLog(
  log: ReadableLog,
  after: Seq,
  kind: EventKind,
  show: (body: Uint8Array) => Promise<boolean>,
): Promise<void> {
  const reader = await log.openReader(after);
  try {
    for (;;) {
      const records = await reader.next(mostRecords);
      if (records.length === 0) return;
      for (const record of records) if (record.kind === kind && !(await show(record.body))) return;
    }
  } finally {
    await reader.close();
  }
}
