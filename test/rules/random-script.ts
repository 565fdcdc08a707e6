import type { StoredEvent } from "../../src/core/event.ts";
import { createSeededRandom } from "../../src/simulate/seeded-random.ts";
import { GatewayScript, hours, minutes, s } from "./gateway-script.ts";

const devices = ["a", "b", "c"] as const;
const clocksMs = [0, 0, -hours, 4 * minutes, -2 * hours, -24 * hours];

/**
 * Events of a gateway where everything goes wrong that can: clocks are set, devices go, come back,
 * upload and change, records are lost, the gateway starts anew and loses the time.
 */
export function randomScript(seed: string, count = 250): readonly StoredEvent[] {
  const random = createSeededRandom(seed);
  const script = new GatewayScript();
  const aheadMs = new Map<string, number>();
  const oneOf = <T>(list: readonly T[], other: T): T =>
    list[Math.floor(random() * list.length)] ?? other;
  const below = (end: number): number => Math.floor(random() * end);
  let nowMs = 0;
  let heardMs = 0;
  let runs = 0;
  let clock: "device" | "unsynced" = "device";

  const sample = (device: string): void => {
    const timeMs = nowMs + (aheadMs.get(device) ?? 0) - (random() < 0.1 ? below(hours) : 0);
    const value = random() < 0.03 ? "text" : below(60);
    const quality = random() < 0.05 ? "bad" : "good";
    script.sample(device, timeMs, value, { receivedMs: nowMs, quality, clock });
  };
  const door = (device: string): void => {
    const options = { receivedMs: nowMs, metric: "door", clock };
    script.sample(device, nowMs + (aheadMs.get(device) ?? 0), random() < 0.5, options);
  };
  const watermark = (reset?: true): void => {
    script.watermark(nowMs, reset, heardMs);
  };
  const describe = (device: string): void => {
    const tags = { line: oneOf(["x1", "y"], "x1") };
    const profile = random() < 0.8 ? "p@1" : "q@2";
    const metrics = ["temperature", "door"];
    script.device(device, { profile, tags, attrs: { max: below(60) }, metrics }, nowMs);
  };
  const upload = (device: string): void => {
    for (let n = 6; n > 0; n -= 1)
      script.sample(device, nowMs - n * 20 * minutes, below(50), { receivedMs: nowMs });
  };
  const say = (state: "online" | "offline", cause: string) => (device: string) => {
    script.status(device, nowMs, { state, cause });
  };
  const others: readonly ((device: string) => void)[] = [
    (device) => aheadMs.set(device, oneOf(clocksMs, 0)),
    describe,
    describe,
    upload,
    say("offline", "will"),
    say("offline", "reported"),
    say("online", "connect"),
    say("offline", "device-removed"),
    (device) => script.rejection(device, nowMs),
    () => {
      nowMs += (below(5) - 2) * 10 * minutes;
      watermark(true);
    },
    () => {
      runs += 1;
      heardMs = 0;
      script.start(nowMs, `run${String(runs).padStart(5, "a")}`);
    },
    () => script.missing(1 + below(3)),
    () => {
      clock = clock === "device" ? "unsynced" : "device";
    },
  ];

  for (let n = 0; n < count; n += 1) {
    const passMs = random() < 0.05 ? 5 * hours : oneOf([200, s, s, 5 * s, 20 * s, 90 * s], s);
    nowMs += passMs;
    heardMs += random() < 0.9 ? passMs : 0;
    const device = oneOf(devices, "a");
    const what = random();
    if (what < 0.42) sample(device);
    else if (what < 0.55) door(device);
    else if (what < 0.82) watermark();
    else oneOf(others, sample)(device);
  }
  return script.events;
}
