/**
 * All simulated devices at lines that speak by themselves, at once, while gateway, backbone and each
 * device are restarted in turn and frames arrive cut or with wrong checksums: what is stored was said,
 * value for value, once and in order, and nothing is missing that was said while somebody listened.
 *
 * Nobody acknowledges at a line: what is said while no gateway runs is gone, and counts for nothing here.
 */
import { join } from "node:path";
import { stringify } from "yaml";
import { systemClock } from "../../src/app/system-clock.ts";
import { sleep } from "../../src/core/clock.ts";
import { freePort } from "../../src/demo/free-port.ts";
import { talkers } from "../../src/simulate/lines/families.ts";
import type { LineFamily } from "../../src/simulate/lines/line-family.ts";
import { type LineSimulator, startLineSimulator } from "../../src/simulate/lines/line-simulator.ts";
import type { Misbehavior } from "../../src/simulate/lines/misbehavior.ts";
import { listenInPlaceOfPort } from "../../src/simulate/lines/tcp-port.ts";
import { createSeededRandom } from "../../src/simulate/seeded-random.ts";
import { lineSource } from "../support/line-sources.ts";
import { waitUntil } from "../support/wait-until.ts";
import type { Arm } from "./arm.ts";
import { controlOf } from "./counts.ts";
import { judgeLines } from "./line-ledger.ts";
import { inTrial } from "./trial.ts";
import { inWorkFolder } from "./uml/work-folder.ts";

const everyMs = 100;
const bareEveryMs = 4;
/** How long everybody is left alone between two faults, and at the end. */
const quietMs = 2_000;

/** A device with what it said. */
export interface Speaker {
  readonly family: LineFamily;
  readonly path: string;
  readonly simulator: LineSimulator;
  /** Numbers of readings of which anything was said. */
  readonly said: Set<number>;
  /** Numbers of readings of which a frame left whole. */
  readonly whole: Set<number>;
}

export const lines: Arm = {
  goal: "R29",
  title: "all devices at lines at once, each part restarted",
  figures: { small: 1, ci: 10, nightly: 100 },
  missing: async () => undefined,
  run: (figure, note) =>
    inWorkFolder(async (folder) => {
      const verdict = await play(join(folder, "lines"), figure, talkers, everyMs, {
        wrongChecksum: 0.05,
        cut: 0.02,
      });
      note("control: damaged bytes of devices that have no checksum");
      const bare = talkers.filter(({ name }) => name === "scale-sics");
      const control = await play(join(folder, "bare"), 0, bare, bareEveryMs, {
        damage: 0.05,
      });
      return {
        runs: figure * (2 + talkers.length),
        ...verdict.counts,
        control: controlOf(control.falseValues + control.counts.reordered),
        ok:
          verdict.counts.lost + verdict.counts.duplicated + verdict.counts.reordered === 0 &&
          verdict.falseValues === 0 &&
          verdict.counts.acked > talkers.length * 20,
        notes: [...verdict.examples, `${verdict.values} values compared with what was measured`],
      };
    }),
};

async function play(
  folder: string,
  rounds: number,
  families: readonly LineFamily[],
  paceMs: number,
  misbehavior: Partial<Misbehavior>,
) {
  const speakers = await Promise.all(
    families.map((family) => speakerOf(family, paceMs, misbehavior)),
  );
  const sources = speakers.map(({ family, path }) => lineSource(family.name, path));
  const devices = speakers.map(({ family }) => ({
    id: family.name,
    profile: family.told?.profile,
  }));
  const configuration = stringify({ devices });
  try {
    return await inTrial({ folder, boot: "lines", sources, configuration }, async (trial) => {
      let server = await trial.startBackbone();
      await trial.gateway.start();
      for (let round = 0; round < rounds; round += 1) {
        await sleep(systemClock, quietMs);
        await trial.gateway.kill();
        await trial.gateway.start();
        await sleep(systemClock, quietMs);
        await server.kill();
        await sleep(systemClock, quietMs);
        server = await trial.startBackbone();
        for (const { simulator } of speakers) {
          simulator.restart();
          await sleep(systemClock, 200);
        }
      }
      const listened = await listenedWhole(trial.gateway, speakers);
      const bodies = await trial.drain();
      return judgeLines(bodies, speakers, listened);
    });
  } finally {
    for (const { simulator } of speakers) await simulator.stop();
  }
}

async function speakerOf(
  family: LineFamily,
  paceMs: number,
  misbehavior: Partial<Misbehavior>,
): Promise<Speaker> {
  const port = await freePort();
  const said = new Set<number>();
  const whole = new Set<number>();
  const simulator = await startLineSimulator({
    family,
    openPort: listenInPlaceOfPort("127.0.0.1", port),
    clock: systemClock,
    random: createSeededRandom(family.name),
    everyMs: paceMs,
    misbehavior,
    onFrame: ({ number }, fate) => {
      if (number === undefined || fate === "silent") return;
      said.add(number);
      if (fate === "whole") whole.add(number);
    },
  });
  return { family, path: `tcp://127.0.0.1:${port}`, simulator, said, whole };
}

/** The readings of a time in which all is well; by family. Whoever was cut off has found its way again. */
async function listenedWhole(
  gateway: { status(): Promise<{ readonly flow: { readonly received: number } }> },
  speakers: readonly Speaker[],
): Promise<ReadonlyMap<string, readonly number[]>> {
  for (const { simulator } of speakers) simulator.misbehave({ cut: 0, wrongChecksum: 0 });
  await sleep(systemClock, quietMs);
  const before = new Map(speakers.map(({ family, said }) => [family.name, Math.max(0, ...said)]));
  await sleep(systemClock, quietMs);
  for (const { simulator } of speakers) simulator.misbehave({ silence: 1 });
  let received = -1;
  await waitUntil(async () => {
    const last = received;
    await sleep(systemClock, 300);
    received = (await gateway.status()).flow.received;
    return received === last;
  }, "the gateway has heard everything");
  return new Map(
    speakers.map(({ family, whole }) => [
      family.name,
      [...whole].filter((number) => number > (before.get(family.name) ?? 0)),
    ]),
  );
}
