import { connect } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { systemClock } from "../../../src/app/system-clock.ts";
import { freePort } from "../../../src/demo/free-port.ts";
import type { LineFrame } from "../../../src/simulate/lines/line-family.ts";
import {
  type LineSimulatorOptions,
  startLineSimulator,
} from "../../../src/simulate/lines/line-simulator.ts";
import type { FrameFate } from "../../../src/simulate/lines/misbehavior.ts";
import { talker } from "../../../src/simulate/lines/talker.ts";
import { listenInPlaceOfPort } from "../../../src/simulate/lines/tcp-port.ts";
import { createSeededRandom } from "../../../src/simulate/seeded-random.ts";
import { waitUntil } from "../../support/wait-until.ts";

const family = {
  name: "trial",
  about: "counts",
  settings: { baud: 9_600, dataBits: 8, parity: "none" },
  everyMs: 2,
  open: talker((number) => [
    { bytes: Buffer.from(`reading ${number} #7\n`), checksumAt: `reading ${number} #`.length },
  ]),
} as const;

/** A simulator behind TCP, somebody who listens to it, and what the simulator says that it did. */
async function simulate(options: Partial<LineSimulatorOptions>) {
  const port = await freePort();
  const said: { frame: LineFrame; fate: FrameFate }[] = [];
  const simulator = await startLineSimulator({
    family,
    openPort: listenInPlaceOfPort("127.0.0.1", port),
    clock: systemClock,
    random: createSeededRandom("1"),
    onFrame: (frame, fate) => said.push({ frame, fate }),
    ...options,
  });
  const heard: Buffer[] = [];
  const socket = connect(port, "127.0.0.1").on("data", (bytes) => heard.push(bytes));
  onTestFinished(async () => {
    socket.destroy();
    await simulator.stop();
  });
  const text = (): string => Buffer.concat(heard).toString();
  await waitUntil(() => text().includes("\n"), "the device is heard");
  return { simulator, socket, said, text };
}

describe("a simulated device at a line", () => {
  it("numbers its readings without a hole, also over a restart", async () => {
    const { simulator, text } = await simulate({});
    simulator.restart();
    const before = text().length;
    await waitUntil(() => text().length > before + 100, "it speaks again");
    const numbers = [...text().matchAll(/reading (\d+) #7\n/g)].map(([, digits]) => Number(digits));
    const [first = 0] = numbers;
    expect(numbers).toEqual(numbers.map((_, at) => first + at));
    expect(simulator.counts()).toMatchObject({ restarts: 1, lostPorts: 0 });
  });

  it("says nothing while it is to be silent, and counts that", async () => {
    const { said, simulator, text } = await simulate({});
    simulator.misbehave({ silence: 1 });
    await waitUntil(() => simulator.counts().frames.silent > 5, "it is silent");
    const silentOnes = said.filter(({ fate }) => fate === "silent");
    for (const { frame } of silentOnes) expect(text()).not.toContain(`reading ${frame.number} `);
    simulator.misbehave({ silence: 0 });
    const before = text().length;
    await waitUntil(() => text().length > before, "it speaks again");
  });

  it("spoils checksums, cuts and damages as asked, and says of each frame what became of it", async () => {
    const { said, simulator, text } = await simulate({});
    simulator.misbehave({ wrongChecksum: 0.2, cut: 0.2, damage: 0.01 });
    await waitUntil(
      () => Object.values(simulator.counts().frames).filter((count) => count > 5).length >= 4,
      "all of it happened",
    );
    simulator.misbehave({ wrongChecksum: 0, cut: 0, damage: 0, silence: 1 });
    const { damagedBytes, frames } = simulator.counts();
    const last = said.findLast(({ fate }) => fate === "whole")?.frame.number;
    await waitUntil(() => text().includes(`reading ${last} #7`), "the last whole one is heard");
    for (const { fate, frame } of said.slice(1)) {
      const whole = text().includes(`reading ${frame.number} #7\n`);
      if (fate !== "silent") expect([fate, whole]).toEqual([fate, fate === "whole"]);
    }
    expect(frames["wrong-checksum"]).toBeGreaterThan(0);
    expect(damagedBytes).toBeGreaterThanOrEqual(frames.damaged);
  });

  it("hears what is said to it", async () => {
    const heard: Uint8Array[] = [];
    const { socket } = await simulate({
      family: {
        ...family,
        open: (port, surroundings) => {
          port.onData((bytes) => heard.push(bytes));
          return family.open(port, surroundings);
        },
      },
    });
    socket.write("ask");
    await waitUntil(() => Buffer.concat(heard).toString() === "ask", "the device hears it");
  });
});
