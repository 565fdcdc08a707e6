/**
 * Answers that commands of a device were not given, and that may still come. Where an answer does not say
 * which command it is for, the next one of the device must not be told by it: it goes to the earlier.
 *
 * Nothing is kept over a restart, and nothing for longer than a while.
 */
import type { Clock, Timer } from "../core/clock.ts";
import type { Command } from "../core/command.ts";
import type { DeviceId } from "../core/ids.ts";
import type { AnswerEar, AnswerEars } from "./answer-ears.ts";
import type { Happening } from "./course.ts";
import type { OpenCommand } from "./open-command.ts";

/** What comes later is no answer of anybody's. */
const lateMs = 600_000;
const mostOfDevice = 16;
const mostOfAll = 1_000;

interface Owed {
  readonly command: Command;
  readonly ear: AnswerEar;
  readonly repeatable: boolean;
  readonly timer: Timer;
  /** So many answers may come. */
  count: number;
}

export class LateAnswers {
  readonly #ears: AnswerEars;
  readonly #clock: Clock;
  readonly #owed = new Map<DeviceId, Owed[]>();
  #count = 0;

  constructor(ears: AnswerEars, clock: Clock) {
    this.#ears = ears;
    this.#clock = clock;
  }

  /** It is over by this happening; what it was not answered until then may still come. */
  expect({ course, listening }: OpenCommand, happening: Happening): void {
    const { answerIn, answersAt, repeatable = false } = listening ?? {};
    const count = course.left - (isAnswer(happening) ? 1 : 0);
    const { command } = course;
    const before = this.#owed.get(command.device) ?? [];
    if (count < 1 || answerIn === undefined || this.#count >= mostOfAll) return;
    if (before.length >= mostOfDevice) this.#remove(before[0]);
    const owed: Owed = {
      ...{ command, count, repeatable },
      ear: { answerIn, answersAt, hear: () => this.#came(owed) },
      timer: this.#clock.setTimer(lateMs, () => this.#remove(owed)),
    };
    this.#owed.set(command.device, [...(this.#owed.get(command.device) ?? []), owed]);
    this.#count += 1;
    this.#ears.add(owed.ear);
  }

  /** A command is about to leave: where the device takes both as the same, an answer is for either. */
  giveTo(command: Command): void {
    for (const owed of this.#owed.get(command.device) ?? [])
      if (owed.repeatable && isSame(owed.command, command)) this.#remove(owed);
  }

  stop(): void {
    for (const all of [...this.#owed.values()]) for (const owed of all) this.#remove(owed);
  }

  #came(owed: Owed): void {
    owed.count -= 1;
    if (owed.count === 0) this.#remove(owed);
  }

  #remove(owed: Owed | undefined): void {
    const { device } = owed?.command ?? {};
    const all = device === undefined ? undefined : this.#owed.get(device);
    if (owed === undefined || device === undefined || !all?.includes(owed)) return;
    const rest = all.filter((one) => one !== owed);
    if (rest.length > 0) this.#owed.set(device, rest);
    else this.#owed.delete(device);
    this.#count -= 1;
    owed.timer.cancel();
    this.#ears.remove(owed.ear);
  }
}

/** Nothing more comes of the try that it ends. */
function isAnswer(happening: Happening): boolean {
  return (
    happening.is === "answered" ||
    (happening.is === "written" && happening.outcome.outcome === "refused")
  );
}

function isSame(one: Command, other: Command): boolean {
  const names = Object.keys(one.params);
  return (
    one.name === other.name &&
    names.length === Object.keys(other.params).length &&
    names.every((name) => one.params[name] === other.params[name])
  );
}
