/**
 * How the backbone is, looked at while somebody asks: once a second at most, and what readers saved less
 * often. What was seen last stays known while the backbone is away.
 */
import type { Clock, EpochMs } from "../../../core/clock.ts";
import { GatewayError } from "../../../core/errors.ts";
import { toStreamSeq } from "../../../core/ids.ts";
import { alertsStream, allAlerts, bridgeAsideStream } from "../../../core/subject.ts";
import type { Backbone } from "../../../stream/backbone.ts";
import { listStreams, type SeenStream } from "../../../stream/list-streams.ts";
import { getLastMessage, getMessage } from "../../../stream/message-get.ts";
import { messagesBehind } from "../../../view/flow/behind.ts";
import { Rates } from "../../../view/flow/rate.ts";
import type { RoleSurroundings } from "../../role.ts";
import type { Connection } from "../over-backbone.ts";
import { readHere } from "./read-here.ts";
import {
  readersOf,
  readSavedReaders,
  type SavedReader,
  type SavedReaders,
} from "./saved-readers.ts";
import { type SetAsideCounts, SetAsideTally } from "./set-aside-tally.ts";

const streamsEveryMs = 1_000;
const readersEveryMs = 3_000;
/** Readers that are behind and are asked since when; the others are just behind. */
const mostAsked = 32;

/** A reader, and how far it is behind. */
export interface SeenReader extends SavedReader {
  readonly behind: number;
  /** Since when the oldest message that it has not read is stored; undefined where that is not known. */
  readonly waitsSinceMs: EpochMs | undefined;
}

export interface BackboneSeen {
  readonly atMs: EpochMs;
  readonly streams: readonly SeenStream[];
  readonly saved: SavedReaders;
  readonly readers: readonly SeenReader[];
  /** What targets of bridges never got, by their names. */
  readonly aside: ReadonlyMap<string, SetAsideCounts>;
  /** Of each stream. */
  readonly rates: Rates;
}

export class BackboneLook {
  readonly #backbone: Backbone;
  readonly #clock: Clock;
  readonly #statusHere: RoleSurroundings["statusHere"];
  readonly #rates = new Rates();
  #seen: BackboneSeen | undefined;
  #looking: Promise<BackboneSeen> | undefined;
  #streamsMs = Number.NEGATIVE_INFINITY;
  #readersMs = Number.NEGATIVE_INFINITY;
  readonly #aside = new SetAsideTally();
  #saved: SavedReaders = {
    ...{ processors: [], partitions: [], bridges: [], targets: [] },
    ...{ historian: undefined, receivers: [] },
  };

  constructor(backbone: Backbone, clock: Clock, statusHere: RoleSurroundings["statusHere"]) {
    this.#backbone = backbone;
    this.#clock = clock;
    this.#statusHere = statusHere;
  }

  /** What was seen last, whenever that was. */
  get seen(): BackboneSeen | undefined {
    return this.#seen;
  }

  /** As it is now, or a moment ago. Rejects as the backbone does. */
  now(connection: Connection): Promise<BackboneSeen> {
    if (this.#seen && this.#clock.monotonicMs() - this.#streamsMs < streamsEveryMs)
      return Promise.resolve(this.#seen);
    this.#looking ??= this.#look(connection).finally(() => {
      this.#looking = undefined;
    });
    return this.#looking;
  }

  /** Looks where what was seen is older and it can be done; what went wrong is no trouble of who shows what was seen last. */
  async refresh(maxAgeMs = streamsEveryMs): Promise<void> {
    const connection = this.#backbone.connection();
    if (!connection || this.#clock.monotonicMs() - this.#streamsMs < maxAgeMs) return;
    await this.now(connection).catch((thrown: unknown) => {
      if (!(thrown instanceof GatewayError)) throw thrown;
    });
  }

  async #look(connection: Connection): Promise<BackboneSeen> {
    const beganMs = this.#clock.monotonicMs();
    // First how far they are, then where the end is: so nobody is ahead of it.
    if (beganMs - this.#readersMs >= readersEveryMs) {
      const known = new Map(this.#saved.partitions.map((one) => [one.partition, one]));
      this.#saved = await readSavedReaders(connection, known);
      this.#readersMs = beganMs;
    }
    const streams = await listStreams(connection);
    const nowMs = this.#clock.monotonicMs();
    this.#rates.note(
      streams.map(({ lastSeq, name }) => [name, lastSeq]),
      nowMs,
    );
    this.#streamsMs = nowMs;
    const saved = this.#saved;
    const here = readHere(this.#statusHere("processor"), this.#statusHere("historian"));
    const known = readersOf(saved).map((reader) => ({
      ...reader,
      readTo: Math.max(reader.readTo, here.get(`${reader.name} ${reader.stream}`) ?? 0),
    }));
    const readers = await this.#readers(connection, streams, known);
    const aside = await this.#aside.read(
      connection,
      streams.find(({ name }) => name === bridgeAsideStream),
    );
    const atMs = this.#clock.wallMs();
    this.#seen = { atMs, streams, saved, readers, aside, rates: this.#rates };
    return this.#seen;
  }

  async #readers(
    connection: Connection,
    streams: readonly SeenStream[],
    saved: readonly SavedReader[],
  ): Promise<SeenReader[]> {
    const byName = new Map(streams.map((stream) => [stream.name, stream]));
    // Who reads transitions reads nothing of what people do, which stands beside them.
    const lastAlert = byName.has(alertsStream)
      ? await getLastMessage(connection, alertsStream, allAlerts)
      : undefined;
    let asked = 0;
    return Promise.all(
      saved.flatMap((reader) => {
        const stream = byName.get(reader.stream);
        if (!stream) return [];
        const isDone = stream.name === alertsStream && (lastAlert?.streamSeq ?? 0) <= reader.readTo;
        const behind = isDone ? 0 : messagesBehind(stream, reader.readTo);
        if (behind > 0) asked += 1;
        return [this.#since(connection, stream, reader, behind, asked)];
      }),
    );
  }

  async #since(
    connection: Connection,
    { firstSeq, name }: SeenStream,
    reader: SavedReader,
    behind: number,
    asked: number,
  ): Promise<SeenReader> {
    if (behind === 0 || asked > mostAsked) return { ...reader, behind, waitsSinceMs: undefined };
    const next = toStreamSeq(Math.max(firstSeq, reader.readTo + 1));
    const message = await getMessage(connection, name, next);
    return { ...reader, behind, waitsSinceMs: message?.storedMs };
  }
}
