/** A gateway whose wall clock can be set, and a processor whose clock is right. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { systemClock } from "../../src/app/system-clock.ts";
import type { AlertTransition } from "../../src/core/alert.ts";
import { sleep } from "../../src/core/clock.ts";
import type { StoredEvent } from "../../src/core/event.ts";
import { decodeEvent, isMalformed } from "../../src/core/event-codec.ts";
import { alertsStream } from "../../src/core/subject.ts";
import { parseTransition } from "../../src/stream/parse-transition.ts";
import type { LedgerVerdict } from "../support/ledger.ts";
import { readStream } from "../support/read-gateway-stream.ts";
import { roleProgram } from "../support/role-program.ts";
import { inTrial } from "./trial.ts";

/** What sets the clock of a process. */
export const faketimeLibrary = "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1";
/** A device is silent after this long. */
export const silentMs = 5_000;

const configuration = `time: { catch_up: 1s }
rules: { files: ["rules.yaml"] }
processor: { discover_every: 500ms }`;

const rules = `version: 1
groups:
  - name: clock
    rules:
      - alert: Warm
        select: { profile: sluicegate/sim-freezer, metric: temperature }
        condition: { threshold: { above: -20 } }
        for: 3s
        severity: warning
      - alert: Hot
        select: { profile: sluicegate/sim-freezer, metric: temperature }
        condition: { threshold: { above: 0 } }
        severity: warning
      - alert: Silent
        select: { profile: "sluicegate/*" }
        condition: { absent: { longer_than: ${silentMs}ms } }
        severity: critical
`;

export interface SiteResult {
  readonly verdict: LedgerVerdict;
  readonly wallClockAlarms: number;
  readonly faults: readonly string[];
}

export interface ClockSite {
  /** Sets the wall clock of the gateway so many seconds off the true time. */
  setClock(offsetSeconds: number): Promise<void>;
  /** A device that is warm from its first sample on, until the end; gives its id. */
  addDevice(name: string): string;
  /** No device sends any more. */
  endLoads(): Promise<void>;
  events(): Promise<StoredEvent[]>;
  transitions(): Promise<AlertTransition[]>;
}

/** A gateway whose clock can be set, and a processor whose clock is right. */
export async function inClockSite(
  folder: string,
  offsetSeconds: number,
  work: (site: ClockSite) => Promise<readonly string[]>,
): Promise<SiteResult> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "rules.yaml"), rules);
  const offsetPath = join(folder, "offset");
  const wrap = [
    "env",
    `LD_PRELOAD=${faketimeLibrary}`,
    "FAKETIME_DONT_FAKE_MONOTONIC=1",
    "FAKETIME_NO_CACHE=1",
    `FAKETIME_TIMESTAMP_FILE=${offsetPath}`,
  ];
  const setClock = (seconds: number): Promise<void> =>
    writeFile(offsetPath, `${seconds < 0 ? "" : "+"}${seconds}\n`);
  await setClock(offsetSeconds);
  return inTrial({ folder, boot: `clock-${Date.now()}`, configuration, wrap }, async (trial) => {
    const { url } = await trial.startBackbone();
    const { configPath } = trial.gateway;
    const processor = roleProgram({ role: "processor", configPath, folder });
    processor.start();
    try {
      await trial.gateway.start();
      const loads = [trial.load({ connections: 4, window: 20, ratePerSecond: 40 })];
      const faults = await work({
        setClock,
        addDevice(name) {
          loads.push(trial.load({ name, connections: 1, window: 20, ratePerSecond: 10 }));
          return `sim-${name}-1`;
        },
        async endLoads() {
          for (const load of loads) await load.stop();
        },
        events: async () => (await look(url, "GW_gw1")).map(toEvent),
        transitions: async () =>
          (await look(url, alertsStream)).flatMap((body) => parseTransition(body) ?? []),
      });
      const bodies = await trial.drain();
      const wallClockAlarms = countSilences(bodies.map(toEvent));
      return { verdict: trial.judge(bodies), wallClockAlarms, faults };
    } finally {
      await processor.kill();
    }
  });
}

/** Silences that somebody would see who takes the times of receipt for a clock that never jumps. */
function countSilences(events: readonly StoredEvent[]): number {
  const last = new Map<string, number>();
  let silences = 0;
  for (const { device, kind, receivedMs } of events) {
    if (kind !== "measurement" || device === null) continue;
    if (Math.abs(receivedMs - (last.get(device) ?? receivedMs)) > silentMs) silences += 1;
    last.set(device, receivedMs);
  }
  return silences;
}

function toEvent(body: Uint8Array): StoredEvent {
  const event = decodeEvent(Buffer.from(body).toString());
  if (isMalformed(event)) throw new Error(event.malformed);
  return event;
}

/** A stream as it is; not too often, since the machine has other work. */
async function look(url: string, stream: string): Promise<Uint8Array[]> {
  await sleep(systemClock, 200);
  return readStream(url, stream);
}
