/** Holds what was said of commands against what the devices did. */
import type { Command, CommandState } from "../../src/core/command.ts";
import { decodeEvent, isMalformed } from "../../src/core/event-codec.ts";
import type { Actuator } from "../../src/simulate/actuator.ts";

export interface CommandVerdict {
  /** Commands without an end. */
  readonly open: number;
  /** Commands with several ends. */
  readonly manyEnds: number;
  /** Commands that were done more than once. */
  readonly twice: number;
  /** Commands whose end is not what the device saw. */
  readonly lies: number;
  /** What arrived at a device after its time. */
  readonly late: number;
  /** Of a device, done in another order than it was issued. */
  readonly reordered: number;
  readonly ends: Readonly<Partial<Record<CommandState, number>>>;
  readonly examples: readonly string[];
}

/** What is on its way when the time is over may still arrive on a busy machine. */
const onTheWayMs = 2_000;

/** How often it may have been done, by how it ended. */
const effectsOf: Readonly<Record<CommandState, readonly number[]>> = {
  acknowledged: [1],
  // It has it; a mute device does not say that it refuses it.
  delivered: [0, 1],
  sent: [0, 1],
  refused: [0],
  failed: [0],
  expired: [0],
  cancelled: [0],
  "timed-out": [0, 1],
  unknown: [0, 1],
  queued: [],
};

export function judgeCommands(
  issued: readonly Command[],
  devices: readonly Actuator[],
  bodies: readonly Uint8Array[],
): CommandVerdict {
  const ends = endsIn(bodies);
  const deeds = devices.flatMap((device) => device.deeds);
  const counts: Partial<Record<CommandState, number>> = {};
  const examples: string[] = [];
  const verdict = { open: 0, manyEnds: 0, twice: 0, lies: 0, late: 0 };
  const blame = (fault: keyof typeof verdict, { id, device }: Command, words: string): void => {
    verdict[fault] += 1;
    if (examples.length < 8) examples.push(`${fault}: ${device} ${id} ${words}`);
  };
  for (const command of issued) {
    const [end, ...others] = ends.get(command.id) ?? [];
    const seen = deeds.filter((deed) => deed.command === command.id);
    const effects = seen.filter(({ did }) => did).length;
    if (effects > 1) blame("twice", command, `done ${effects} times, said ${end}`);
    if (others.length > 0) blame("manyEnds", command, [end, ...others].join(", "));
    const last = Math.max(...seen.map(({ atMs }) => atMs));
    if (last > command.expiresMs + onTheWayMs)
      blame("late", command, `${last - command.expiresMs} ms after its time`);
    if (end === undefined) {
      blame("open", command, `done ${effects} times`);
      continue;
    }
    counts[end] = (counts[end] ?? 0) + 1;
    const hasIt = seen.length > 0 || end !== "delivered";
    if (!hasIt || !effectsOf[end].includes(Math.min(effects, 1)))
      blame("lies", command, `${end}, and done ${effects} times`);
  }
  return { ...verdict, reordered: countReordered(issued, devices), ends: counts, examples };
}

function endsIn(bodies: readonly Uint8Array[]): Map<string, CommandState[]> {
  const ends = new Map<string, CommandState[]>();
  for (const body of bodies) {
    const event = decodeEvent(Buffer.from(body).toString());
    if (isMalformed(event) || event.kind !== "reply" || !event.data.final) continue;
    const { command, state } = event.data;
    ends.set(command, [...(ends.get(command) ?? []), state]);
  }
  return ends;
}

function countReordered(issued: readonly Command[], devices: readonly Actuator[]): number {
  const placeOf = new Map(issued.map(({ id }, at) => [id, at]));
  return devices.reduce((sum, { deeds }) => {
    const places = deeds.filter(({ did }) => did).map(({ command }) => placeOf.get(command) ?? -1);
    return sum + places.filter((place, at) => at > 0 && place < (places[at - 1] ?? place)).length;
  }, 0);
}
