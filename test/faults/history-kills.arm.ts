/** Historian and influxd killed at any moment: the database holds what the stream does, once. */
import { join } from "node:path";
import { jetstream } from "@nats-io/jetstream";
import { headers, type NatsConnection } from "@nats-io/transport-node";
import { systemClock } from "../../src/app/system-clock.ts";
import { sleep } from "../../src/core/clock.ts";
import type { GatewayEvent } from "../../src/core/event.ts";
import { eventIdOf, toDeviceId, toRunId, toSeq } from "../../src/core/ids.ts";
import { isObject } from "../../src/core/is-object.ts";
import { eventSubject } from "../../src/core/subject.ts";
import { createSeededRandom } from "../../src/simulate/seeded-random.ts";
import { createEventEncoder } from "../support/event-encoder.ts";
import { origin, startMs } from "../support/gateway-stream.ts";
import { type InfluxProgram, influxProgram } from "../support/influxd.ts";
import type { Fault } from "../support/planted-program.ts";
import { isHere } from "../support/programs-here.ts";
import { waitUntil, waitWhileMoving } from "../support/wait-until.ts";
import type { Arm } from "./arm.ts";
import { controlOf } from "./counts.ts";
import { inHub } from "./hub.ts";
import { inWorkFolder } from "./uml/work-folder.ts";

const run = toRunId("aaaaaaaa");
const publishedAtOnce = 256;
/** So many events to a kill. */
const eventsToKill = 10_000;
/** A historian that saved too early would have by then. */
const savedWithinMs = 2_000;
const controlEvents = 20_000;
const controlKills = 1;

/** Hostile ones among them; each is one device. */
const devices = [
  "freezer-07",
  'a,b =c"d\\',
  "x\\",
  "Kühlhaus 1, Tür=links",
  "100%",
  "%5C",
  "samples value=666 1",
].map(toDeviceId);

interface Outcome {
  readonly missing: number;
  readonly more: number;
  readonly sumIsRight: boolean;
  readonly series: number;
  readonly perSecond: number;
}

export const historyKills: Arm = {
  goal: "R31",
  title: "history while historian and influxd are killed at any moment",
  figures: { small: 0, ci: 20, nightly: 100 },
  missing: async () => (isHere("influxd", "version") ? undefined : "no influxd"),
  run: (figure, note) =>
    inWorkFolder(async (folder) => {
      const seed = process.env["FAULT_SEED"] ?? `history-kills-${Date.now()}`;
      const events = Number(process.env["FAULT_EVENTS"] ?? figure * eventsToKill);
      note(`seed ${seed}, ${events} events`);
      const outcome = await killHistory(join(folder, "killed"), seed, events, figure);
      note("control: what was read counts as stored before it is");
      const early = join(folder, "control");
      const control = await killHistory(early, seed, controlEvents, controlKills, "history-early");
      const { missing, more, perSecond, series, sumIsRight } = outcome;
      return {
        runs: figure,
        acked: events,
        lost: missing,
        duplicated: more,
        reordered: 0,
        declaredLost: 0,
        control: controlOf(control.missing),
        ok: missing + more === 0 && sumIsRight && series === devices.length,
        notes: [
          `count and sum of ${events} events are those of the stream; ${Math.round(perSecond)} points/s over the kills`,
          `${series} series of ${devices.length} devices, some with hostile names`,
          `where positions were saved too early, ${control.missing} of ${controlEvents} were missing`,
        ],
      };
    }),
};

function killHistory(
  folder: string,
  seed: string,
  events: number,
  kills: number,
  fault?: Fault,
): Promise<Outcome> {
  const random = createSeededRandom(seed);
  return withInflux(folder, (influx) => {
    const batch = "batch: { points: 1000, age: 100ms }";
    const configuration = `historian: { url: "${influx.url}", ${batch} }\n`;
    return inHub({ folder: join(folder, "hub"), configuration, fault }, async (hub) => {
      await hub.startServer();
      const share = (kill: number): number => Math.floor((events * (kill + 1)) / (kills + 1));
      await influx.kill();
      await hub.connected((connection) => publish(connection, 0, share(0)));
      const historian = await hub.program("one", "historian");
      const beganMs = systemClock.monotonicMs();
      historian.start();
      for (let kill = 0; kill < kills; kill += 1) {
        if (kill % 2 === 0) {
          // Killed while it holds what it cannot store.
          await influx.kill();
          const isWaiting = async (): Promise<boolean> => isFailing(await historian.status());
          await waitUntil(isWaiting, "the historian waits for influxd", 60_000);
          await sleep(systemClock, savedWithinMs);
          await historian.kill();
          await influx.start();
          historian.start();
        } else {
          await sleep(systemClock, 4_000 * random());
          const isFirst = random() < 0.5;
          await (isFirst ? influx.kill() : historian.kill());
          await (isFirst ? influx.start() : historian.start());
        }
        await hub.connected((connection) => publish(connection, share(kill), share(kill + 1)));
      }
      const stored = (): Promise<number> => totalsOf(influx).then(({ count }) => count);
      const done = async (): Promise<boolean> =>
        fault === undefined ? (await stored()) >= events : isUpToDate(await historian.status());
      await waitWhileMoving(done, stored, "every event is a point");
      const elapsedMs = systemClock.monotonicMs() - beganMs;
      const { count, series, sum } = await totalsOf(influx);
      return {
        missing: Math.max(0, events - count),
        more: Math.max(0, count - events),
        sumIsRight: sum === (events * (events - 1)) / 2,
        series,
        perSecond: (1_000 * events) / elapsedMs,
      };
    });
  });
}

function isFailing(status: unknown): boolean {
  const said = isObject(status) ? status["historian"] : undefined;
  return isObject(said) && isObject(said["failing"]);
}

/** Nothing waits in memory either. */
function isUpToDate(status: unknown): boolean {
  const said = isObject(status) ? status["historian"] : undefined;
  if (!isObject(said) || said["waiting"] !== 0 || !Array.isArray(said["gateways"])) return false;
  const [gateway]: unknown[] = said["gateways"];
  return isObject(gateway) && gateway["behind"] === 0 && said["failing"] === undefined;
}

async function withInflux<T>(
  folder: string,
  work: (influx: InfluxProgram) => Promise<T>,
): Promise<T> {
  const influx = await influxProgram(join(folder, "influx"));
  try {
    await influx.start();
    return await work(influx);
  } finally {
    await influx.kill();
  }
}

/** Each event has its number as its value; of each device two share a millisecond. */
async function publish(connection: NatsConnection, first: number, events: number): Promise<void> {
  const client = jetstream(connection);
  const encode = createEventEncoder(origin);
  for (let from = first; from < events; from += publishedAtOnce) {
    const numbers = Array.from(
      { length: Math.min(publishedAtOnce, events - from) },
      (_, at) => from + at,
    );
    await Promise.all(
      numbers.map((number) => {
        const device = devices[number % devices.length] ?? toDeviceId("d");
        const timeMs = startMs + Math.floor(number / (2 * devices.length));
        const event: GatewayEvent = {
          kind: "measurement",
          device,
          timeMs,
          receivedMs: timeMs,
          clock: "device",
          data: [{ name: "count", value: number, quality: "good" }],
        };
        const id = eventIdOf(origin.gateway, run, toSeq(number + 1));
        const carried = headers();
        carried.set("Ce-Id", id);
        const natsSubject = eventSubject({ ...origin, device, kind: "measurement" });
        return client.publish(natsSubject, encode(event, id), { headers: carried });
      }),
    );
  }
}

async function totalsOf(influx: InfluxProgram): Promise<{
  readonly count: number;
  readonly sum: number;
  readonly series: number;
}> {
  const query = "select count(value), sum(value) from samples group by device";
  const rows = (await influx.query(query).catch(() => [])).flatMap(({ values }) => values);
  const sumOf = (column: number): number =>
    rows.reduce((sum, row) => sum + Number(row[column] ?? 0), 0);
  return { count: sumOf(1), sum: sumOf(2), series: rows.length };
}
