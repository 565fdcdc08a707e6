/** Devices that are told what to do: four families, by what they can say of it. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { systemClock } from "../../src/app/system-clock.ts";
import type { Random } from "../../src/core/retry.ts";
import { Actuator, type ActuatorSpec, type Mishap } from "../../src/simulate/actuator.ts";
import { parseBrokerUrl } from "../../src/simulate/mqtt-wire.ts";

interface CommandFamily
  extends Pick<ActuatorSpec, "answers" | "keepsSession" | "qos" | "takesIds"> {
  readonly name: string;
}

export const commandFamilies: readonly CommandFamily[] = [
  { name: "ids", takesIds: true, answers: true, qos: 1, keepsSession: true },
  { name: "plain", takesIds: false, answers: true, qos: 1, keepsSession: true },
  { name: "mute", takesIds: false, answers: false, qos: 1, keepsSession: false },
  { name: "blind", takesIds: false, answers: false, qos: 0, keepsSession: false },
];

const mishaps: readonly Mishap[] = ["before", "between", "behind"];
/** One command in so many goes wrong at the device. */
const mishapShare = 0.08;

/** Writes the profile of each family; gives the lines of the configuration that name them. */
export async function writeCommandProfiles(folder: string): Promise<string> {
  await mkdir(join(folder, "profiles/acts"), { recursive: true });
  for (const family of commandFamilies)
    await writeFile(join(folder, `profiles/acts/${family.name}.yaml`), profileOf(family));
  return "profiles: { folders: [profiles] }\n";
}

function profileOf({ answers, name, takesIds }: CommandFamily): string {
  const twice = { repeatable: true, tries: 3 };
  const reply = { topic: `${name}/{device}/did`, when: "has(ok)", refused: "has(error)", id: "id" };
  const command = {
    name: "set",
    about: "Sets the level",
    params: { level: { type: "number", range: [0, 200] } },
    topic: `${name}/{device}/do`,
    payload: { id: "{id}", level: "{level}" },
    timeout: "3s",
    expires: "1m",
    ...(takesIds && twice),
    ...(answers && { reply }),
    examples: [
      {
        device: "1",
        params: { level: 5 },
        topic: `${name}/1/do`,
        payload: { id: "c-1", level: 5 },
      },
    ],
  };
  return JSON.stringify({
    profile: `acts/${name}`,
    version: 1,
    about: "A simulated actuator",
    family: name,
    match: { topic: `${name}/{device}/state` },
    time: "none",
    ignore: [`${name}/{device}/did`, `${name}/{device}/do`],
    status: [{ topic: `${name}/{device}/status`, online: "online", offline: "offline" }],
    metrics: [{ name: "effects", path: "effects", unit: "count" }],
    commands: [command],
    examples: [
      {
        topic: `${name}/1/state`,
        payload: { effects: 3 },
        expect: { device: `${name}-1`, metrics: { effects: 3 } },
      },
    ],
  });
}

/** So many devices of each family, all connected to one broker. */
export function commandDevices(url: string, perFamily: number, random: Random): Actuator[] {
  const surroundings = {
    ...{ broker: parseBrokerUrl(url), clock: systemClock, random },
    mishap: () => (random() < mishapShare ? mishaps[Math.floor(random() * 3)] : undefined),
    workMs: () => random() * 60,
  };
  return commandFamilies.flatMap(({ name, ...rest }) =>
    Array.from(
      { length: perFamily },
      (_, at) => new Actuator({ ...rest, family: name, id: `${name}-${at + 1}` }, surroundings),
    ),
  );
}
