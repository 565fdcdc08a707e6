/** How long it takes from a device's message to the request that a receiver gets of it. */
import { systemClock } from "../../src/app/system-clock.ts";
import { sleep } from "../../src/core/clock.ts";
import { isObject } from "../../src/core/is-object.ts";
import { nameOfSimulated } from "../../src/simulate/device-id.ts";
import { LatencyHistogram } from "../../src/simulate/latency-histogram.ts";
import { MqttDevice } from "../support/mqtt-device.ts";
import { type Figure, type FigureGroup, formatMs } from "./figures.ts";
import { openNoticeReceiver, type Told } from "./notice-receiver.ts";
import type { Workshop } from "./workshop.ts";

const devices = 20;
/** A device waits so long at most before it says something, so that it keeps no time with watermarks. */
const pauseMs = 1_000;
const forMs = 1_000;
const patienceMs = 60_000;
const limit = 0;

/** Freezers of the simulation; half of them are watched by a rule that waits a second. */
const rules = {
  version: 1,
  groups: [
    {
      name: "bench",
      rules: [
        {
          alert: "Warm",
          select: { metric: "temperature", device: "*now-*" },
          condition: { threshold: { above: limit } },
          severity: "critical",
          flapping: "off",
        },
        {
          alert: "LongWarm",
          select: { metric: "temperature", device: "*later-*" },
          condition: { threshold: { above: limit } },
          for: `${forMs / 1_000}s`,
          severity: "critical",
          flapping: "off",
        },
      ],
    },
  ],
};

/** The ways of one notice, in milliseconds. */
class Ways {
  readonly #all = new Map<string, LatencyHistogram>();

  note(part: string, ms: number): void {
    const known = this.#all.get(part) ?? new LatencyHistogram();
    this.#all.set(part, known);
    known.record(Math.max(0, ms));
  }

  figures(): readonly Figure[] {
    return [...this.#all].map(([part, histogram]) => ({
      what: `${part}: half within, 99 of 100 within`,
      measured: `${formatMs(histogram.quantileMs(0.5))}, ${formatMs(histogram.quantileMs(0.99))}`,
    }));
  }
}

/** As gateways are, and as they are where somebody wants to know sooner. */
const watermarksEvery = ["1s", "100ms"];

export async function measureNotices(
  workshop: Workshop,
  seconds: number,
): Promise<readonly FigureGroup[]> {
  const groups: FigureGroup[] = [];
  for (const every of watermarksEvery) groups.push(await measure(workshop, seconds, every));
  return groups;
}

/** For so many seconds, each device alternates between warm and cold. */
async function measure(workshop: Workshop, seconds: number, every: string): Promise<FigureGroup> {
  const nats = await workshop.nats();
  const natsUrl = nats.url;
  const configuration = `time: { watermark_every: ${every}, catch_up: 0s }\n`;
  const gateway = await workshop.gateway({ natsUrl, configuration });
  await gateway.start();
  const waiting = new Map<string, (told: Told) => void>();
  const hook = await openNoticeReceiver((told) => {
    const { labels, state } = told.body;
    const device = isObject(labels) ? String(labels["device"]) : "";
    const key = `${nameOfSimulated(device)} ${String(state)}`;
    waiting.get(key)?.(told);
    waiting.delete(key);
  });
  const processor = await workshop.role({
    role: "processor",
    natsUrl,
    configuration: `rules: ${JSON.stringify({ files: [await workshop.file("rules.yaml", JSON.stringify(rules))] })}`,
  });
  const notifier = await workshop.role({
    role: "notifier",
    natsUrl,
    configuration: `notify: { receivers: { hook: { kind: webhook, url: "${hook.url}/hook" } }, default: [hook] }`,
  });
  await processor.start();
  await notifier.start();

  const ways = new Ways();
  const play = async (name: string, untilMs: number): Promise<void> => {
    const counted = untilMs > 0;
    const device = new MqttDevice(gateway.mqttPort);
    await device.open({ clientId: name });
    let n = 0;
    const say = async (temperature: number, state: string): Promise<void> => {
      await sleep(systemClock, Math.random() * pauseMs);
      const heard = new Promise<Told>((resolve) => waiting.set(`${name} ${state}`, resolve));
      const sentMs = performance.timeOrigin + performance.now();
      n += 1;
      const body = JSON.stringify({ n, boot: name, temperature, door: false, compressor: true });
      await device.publish(`sim/freezer/${name}/telemetry`, body);
      if (counted)
        ways.note("PUBLISH to PUBACK", performance.timeOrigin + performance.now() - sentMs);
      const told = await heard;
      if (counted) noteWays(ways, sentMs, told);
    };
    do {
      await say(5, "firing");
      await say(-18, "ended");
    } while (performance.now() < untilMs);
    device.socket.destroy();
  };
  // With the first notice of all everybody is there.
  await withinPatience(play("now-first", 0), "a first notice", waiting);
  const untilMs = performance.now() + seconds * 1_000;
  const named = (n: number): string => `${n % 2 === 0 ? "now" : "later"}-${n}`;
  const plays = Array.from({ length: devices }, (_, n) => play(named(n), untilMs));
  await withinPatience(Promise.all(plays), "every notice", waiting);
  await Promise.all([notifier.kill(), processor.kill(), gateway.kill()]);
  await hook.close();
  await nats.kill();
  return {
    title: `From a message to its notice: ${devices} devices, a watermark every ${every}`,
    figures: ways.figures(),
  };
}

/** A notice that never comes must not hold up the bench for ever. */
function withinPatience(
  work: Promise<unknown>,
  what: string,
  waiting: ReadonlyMap<string, unknown>,
): Promise<unknown> {
  const late = sleep(systemClock, patienceMs).then(() => {
    throw new Error(
      `not within ${patienceMs} ms: ${what}; missing: ${[...waiting.keys()].join(", ")}`,
    );
  });
  return Promise.race([work, late]);
}

/** The parts of the way by what each process wrote down; all have the clock of this machine. */
function noteWays(ways: Ways, sentMs: number, { atMs, body }: Told): void {
  const [due, observed, toldAt] = [body["at"], body["observed_at"], body["sent_at"]].map((time) =>
    Date.parse(String(time)),
  );
  if (due === undefined || observed === undefined || toldAt === undefined) return;
  if (body["rule"] === "bench/LongWarm" && body["state"] === "firing") {
    ways.note("for is over, until the processor finds it", observed - due);
    ways.note("for is over, until the notice", atMs - due);
    return;
  }
  ways.note("message to notice", atMs - sentMs);
  ways.note("message to processor (found)", observed - sentMs);
  ways.note("found to notifier (sent)", toldAt - observed);
  ways.note("sent to receiver", atMs - toldAt);
}
