/** The state of a device at a moment, read backwards from it: no more of the stream than is needed. */
import type { EpochMs } from "../core/clock.ts";
import type { Origin } from "../core/event.ts";
import { type DeviceId, toStreamSeq } from "../core/ids.ts";
import { deviceToken, eventSubject, gatewayStream, gatewaySubjectPrefix } from "../core/subject.ts";
import { DeviceState } from "../past/device-state.ts";
import { cameLater, counts, type Moment } from "../past/moment.ts";
import { type PastEntry, readEventEntry } from "../past/past-entry.ts";
import { readPages } from "../past/read-pages.ts";
import type { Backbone } from "../stream/backbone.ts";
import { getLastMessage, readStreamFacts } from "../stream/message-get.ts";
import { readPage } from "../stream/read-page.ts";

/** So far back at first, and so many times as far each time that it is not enough. */
const firstBackMs = 3_600_000;
const further = 8;
const pageMessages = 2_000;

type Connection = Awaited<ReturnType<Backbone["connected"]>>;

export interface DeviceStateAt {
  readonly state: DeviceState;
  /** Events of before the moment that the backbone did not have yet. */
  readonly cameLater: number;
}

export async function deviceStateAt(
  connection: Connection,
  origin: Origin,
  device: DeviceId,
  moment: Moment,
): Promise<DeviceStateAt> {
  const stream = gatewayStream(origin.gateway);
  const [record, status, facts] = await Promise.all([
    getLastMessage(connection, stream, eventSubject({ ...origin, device, kind: "device" })),
    getLastMessage(connection, stream, eventSubject({ ...origin, device, kind: "status" })),
    readStreamFacts(connection, stream),
  ]);
  const expects = { record: record !== undefined, status: status !== undefined };
  const state = new DeviceState();
  let later = 0;
  const take = ({ message, told }: PastEntry): void => {
    if (!("event" in told)) return;
    const { storedMs, streamSeq } = message;
    const happened = { timeMs: told.event.timeMs, storedMs };
    if (cameLater(happened, moment)) later += 1;
    if (counts(happened, moment)) state.take(told.event, { streamSeq, storedMs });
  };
  /** Everything stored from `fromMs` on was read. */
  let toMs = Number.POSITIVE_INFINITY;
  const readBack = async (fromMs: EpochMs): Promise<void> => {
    const part = {
      stream,
      natsSubjectFilter: `${gatewaySubjectPrefix(origin.site, origin.gateway)}${deviceToken(device)}.*`,
      from: fromMs > 0 ? { storedMs: fromMs } : toStreamSeq(1),
      to: facts?.lastSeq ?? 0,
      read: readEventEntry,
      untilMs: Number.POSITIVE_INFINITY,
    };
    const page = readPage.bind(undefined, connection);
    for await (const entry of readPages(part, { page, pageMessages, onStray: () => {} })) {
      if (entry.message.storedMs >= toMs) break;
      take(entry);
    }
    toMs = fromMs;
  };
  for (let backMs = firstBackMs; ; backMs *= further) {
    const fromMs = Math.max(0, moment.atMs - backMs);
    await readBack(fromMs);
    if (fromMs === 0 || state.isCertain(fromMs, expects)) return { state, cameLater: later };
  }
}
