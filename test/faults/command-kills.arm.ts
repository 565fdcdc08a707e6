/**
 * Commands to devices while the gateway, the backbone and the devices are killed at any moment: each
 * ends once, and its end is what its device saw.
 */
import { join } from "node:path";
import { CommandDesk } from "../../src/app/command-desk.ts";
import { systemClock } from "../../src/app/system-clock.ts";
import { placeOf } from "../../src/cli/site.ts";
import { sleep } from "../../src/core/clock.ts";
import type { Command } from "../../src/core/command.ts";
import { bug } from "../../src/core/errors.ts";
import { toDeviceId, toGatewayId, toSiteId } from "../../src/core/ids.ts";
import type { Random } from "../../src/core/retry.ts";
import type { Actuator } from "../../src/simulate/actuator.ts";
import { createSeededRandom } from "../../src/simulate/seeded-random.ts";
import type { Fault } from "../support/planted-program.ts";
import { waitUntil, waitWhileMoving } from "../support/wait-until.ts";
import type { Arm } from "./arm.ts";
import { commandDevices, writeCommandProfiles } from "./command-devices.ts";
import { type CommandVerdict, judgeCommands } from "./command-judge.ts";
import { controlOf } from "./counts.ts";
import { inTrial, type Trial } from "./trial.ts";
import { inWorkFolder } from "./uml/work-folder.ts";

const perFamily = 5;
const controlCommands = 60;
/** One is issued about so often. */
const everyMs = 50;
const killEveryMs = 1_500;

export const commandKills: Arm = {
  goal: "R27",
  title: "commands over kills of gateway, backbone and devices",
  figures: { small: 0, ci: 1_000, nightly: 10_000 },
  missing: async () => undefined,
  run: async (figure, note) => {
    const seed = `commands-${Date.now()}`;
    note(`seed ${seed}`);
    const { kills, verdict } = await play(figure, seed);
    note("control: a gateway that forgets with the process what it has sent");
    const control = await play(controlCommands, seed, "commands-forget");
    const { ends, examples, late, lies, manyEnds, open, reordered, twice } = verdict;
    return {
      runs: kills,
      acked: figure,
      lost: open,
      duplicated: twice + manyEnds,
      reordered,
      declaredLost: 0,
      control: controlOf(control.verdict.twice),
      ok: open + twice + manyEnds + lies + late + reordered === 0 && (ends.acknowledged ?? 0) > 0,
      notes: [
        ...examples,
        `ends not as the device saw it ${lies}, after their time ${late}`,
        Object.entries(ends)
          .map(([state, count]) => `${state} ${count}`)
          .join(", "),
        `without memory ${control.verdict.twice} of ${controlCommands} were done twice`,
      ],
    };
  },
};

interface Outcome {
  readonly verdict: CommandVerdict;
  readonly kills: number;
}

function play(figure: number, seed: string, fault?: Fault): Promise<Outcome> {
  return inWorkFolder(async (folder) => {
    const configuration = await writeCommandProfiles(join(folder, "trial"));
    const options = { folder: join(folder, "trial"), boot: seed, configuration, fault };
    return inTrial(options, async (trial) => {
      const random = createSeededRandom(seed);
      await trial.startBackbone();
      await trial.gateway.start();
      const devices = commandDevices(trial.gateway.mqttUrl, perFamily, random);
      for (const device of devices) device.start();
      await waitUntil(() => devices.every(({ isUp }) => isUp), "all devices are there");
      const place = await placeOf(trial.gateway.configPath);
      const desk = new CommandDesk(place, place.config.backbone.servers);
      try {
        const over = new AbortController();
        const killing = killAtRandom(trial, devices, random, over.signal);
        const issued = await issueAll(desk, figure, random, devices);
        await sleep(systemClock, killEveryMs);
        over.abort();
        const kills = await killing;
        for (const device of devices) if (!device.isUp) device.start();
        await untilEnded(desk, issued);
        await Promise.all(devices.map((device) => device.leave()));
        return { kills, verdict: judgeCommands(issued, devices, await trial.drain()) };
      } finally {
        await Promise.all(devices.map((device) => device.leave()));
        await desk.close();
      }
    });
  });
}

/** Something is killed again and again, and comes back; gives how often. */
async function killAtRandom(
  trial: Trial,
  devices: readonly Actuator[],
  random: Random,
  signal: AbortSignal,
): Promise<number> {
  let kills = 0;
  const away = new Set<Promise<void>>();
  while (!signal.aborted) {
    await sleep(systemClock, random() * killEveryMs, signal);
    if (signal.aborted) break;
    const device = devices[Math.floor(random() * devices.length)];
    const drawn = random();
    kills += 1;
    if (drawn < 0.4) {
      await trial.gateway.kill();
      await sleep(systemClock, random() * 300);
      await trial.gateway.start();
    } else if (drawn < 0.55) {
      await trial.killBackbone();
      await sleep(systemClock, random() * 500);
      await trial.startBackbone();
    } else if (drawn < 0.8) device?.cut();
    else if (device) {
      const leaving = stayAway(device, random() * 6_000).finally(() => away.delete(leaving));
      away.add(leaving);
    }
  }
  await Promise.all(away);
  return kills;
}

async function stayAway(device: Actuator, ms: number): Promise<void> {
  await device.leave();
  await sleep(systemClock, ms);
  device.start();
}

/** Issues commands of all sorts, and takes a few back. */
async function issueAll(
  desk: CommandDesk,
  count: number,
  random: Random,
  devices: readonly Actuator[],
): Promise<Command[]> {
  const issued: Command[] = [];
  while (issued.length < count) {
    const { id: word, family } = (
      devices[Math.floor(random() * devices.length)] ?? bug("no device")
    ).spec;
    const issuedMs = systemClock.wallMs();
    const validMs = random() < 0.25 ? 1_000 + random() * 3_000 : 120_000;
    const command: Command = {
      id: `c${issued.length}-${Math.floor(random() * 1e9)}`,
      site: toSiteId("plant-a"),
      gateway: toGatewayId("gw1"),
      device: toDeviceId(`${family}-${word}`),
      name: "set",
      params: { level: random() < 0.1 ? 150 : Math.floor(random() * 100) },
      issuedMs,
      expiresMs: issuedMs + validMs,
      by: "arm",
    };
    await until(() => desk.issue(command));
    issued.push(command);
    if (random() < 0.05) {
      const { device, gateway, id, site } = command;
      const cancel = { id, site, gateway, device, issuedMs: systemClock.wallMs(), by: "arm" };
      await until(() => desk.cancel(cancel));
    }
    await sleep(systemClock, random() * 2 * everyMs);
  }
  return issued;
}

/** The backbone may be down; the same is stored once. */
async function until(store: () => Promise<unknown>): Promise<void> {
  await waitUntil(
    () =>
      store().then(
        () => true,
        () => false,
      ),
    "it is stored",
    60_000,
  );
}

async function untilEnded(desk: CommandDesk, issued: readonly Command[]): Promise<void> {
  let ended = 0;
  await waitWhileMoving(
    async () => {
      const all = await desk.history(issued[0]?.issuedMs ?? 0).catch(() => []);
      ended = all.filter(({ steps }) => steps.at(-1)?.reply.final === true).length;
      await sleep(systemClock, 500);
      return ended >= issued.length;
    },
    () => ended,
    "all commands have an end",
    150_000,
  ).catch(() => {});
}
