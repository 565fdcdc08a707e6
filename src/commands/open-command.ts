import { encodeOrder } from "../core/command-codec.ts";
import type { AnswerEar, AnswerEars } from "./answer-ears.ts";
import type { Course } from "./course.ts";
import type { CommandAnswer, PreparedCommand } from "./prepared-command.ts";

/** A command without a final step, as long as this process has it in hand. */
export class OpenCommand {
  course: Course;
  /** As it is kept. */
  readonly bytes: number;
  /** By the monotonic clock; undefined while nobody knows what time it is. */
  deadlineMs: number | undefined;
  /** Its last step was recorded. */
  isOver = false;
  /** It waits for its turn, so nothing of this try can have arrived. */
  isWaiting = true;
  readonly #ears: AnswerEars;
  /** There from its first try on, until it is over. */
  #ear: AnswerEar | undefined;
  #listening: PreparedCommand | undefined;
  #heard: CommandAnswer | undefined;
  #tell: ((answer: CommandAnswer) => void) | undefined;

  constructor(course: Course, ears: AnswerEars) {
    this.course = course;
    const { command } = course;
    this.bytes = Buffer.byteLength(encodeOrder({ order: "command", command }).text);
    this.#ears = ears;
  }

  /** The answer, where one came since it has left. */
  get heard(): CommandAnswer | undefined {
    return this.#heard;
  }

  /** What it listens by. */
  get listening(): PreparedCommand | undefined {
    return this.#listening;
  }

  /**
   * Listens for the answer from now on, until it is over; resolves with it, once. `missed` is called for
   * one that was given to a command before it.
   */
  listen(prepared: PreparedCommand, missed: () => void): Promise<CommandAnswer> {
    this.hush();
    this.#listening = prepared;
    const { answerIn, answersAt } = prepared;
    return new Promise((resolve) => {
      if (this.#heard) resolve(this.#heard);
      this.#tell = resolve;
      if (answerIn === undefined) return;
      const hear = (answer: CommandAnswer): void => {
        this.hush();
        this.#heard = answer;
        this.#tell?.(answer);
      };
      this.#ear = { answerIn, answersAt, hear, miss: missed };
      this.#ears.add(this.#ear);
    });
  }

  /** No answer is waited for any more. */
  hush(): void {
    if (this.#ear) this.#ears.remove(this.#ear);
    this.#ear = undefined;
  }
}
