/**
 * Commands that wait for their answer, found by where it may come in: a message costs nothing for those
 * that listen elsewhere.
 */
import type { RawMessage } from "../core/message.ts";
import type { CommandAnswer, PreparedCommand } from "./prepared-command.ts";

/** More levels of a topic are not looked at before an answer is. */
const mostLevels = 8;

export interface AnswerEar extends Required<Pick<PreparedCommand, "answerIn">> {
  /** As of the command that listens. */
  readonly answersAt: readonly string[] | undefined;
  hear(answer: CommandAnswer): void;
  /** It would have been one, and was taken for the answer to what listened before. */
  miss?(): void;
}

export class AnswerEars {
  readonly #at = new Map<string, Set<AnswerEar>>();
  /** Levels of the longest key that leaves levels open. */
  #openLevels = -1;

  add(ear: AnswerEar): void {
    for (const key of keysOf(ear)) {
      const ears = this.#at.get(key) ?? new Set();
      this.#at.set(key, ears.add(ear));
      if (isOpen(key)) this.#openLevels = Math.max(this.#openLevels, levelsOf(key));
    }
  }

  remove(ear: AnswerEar): void {
    for (const key of keysOf(ear)) {
      const ears = this.#at.get(key);
      ears?.delete(ear);
      if (ears?.size === 0) this.#at.delete(key);
    }
    if (this.#at.size === 0) this.#openLevels = -1;
  }

  /** To be called with every message that comes in. */
  hear(message: RawMessage): void {
    if (this.#at.size === 0 || message.attributes.retained) return;
    const { address, device } = message;
    if (this.#hearAt(address, message)) return;
    if (device !== undefined && this.#hearAt(device, message)) return;
    for (let end = 0, level = 0; level <= this.#openLevels; level += 1) {
      if (this.#hearAt(address.slice(0, end), message)) return;
      end = address.indexOf("/", end) + 1;
      if (end === 0) return;
    }
  }

  /** Of several the one that listened first. */
  #hearAt(key: string, message: RawMessage): boolean {
    let isTaken = false;
    for (const ear of this.#at.get(key) ?? nobody) {
      const answer = ear.answerIn(message);
      if (answer === undefined) continue;
      if (isTaken) ear.miss?.();
      else ear.hear(answer);
      isTaken = true;
    }
    return isTaken;
  }
}

const nobody: readonly AnswerEar[] = [];

function keysOf({ answersAt = [""] }: AnswerEar): ReadonlySet<string> {
  return new Set(answersAt.map((key) => (isOpen(key) ? cut(key) : key)));
}

function isOpen(key: string): boolean {
  return key === "" || key.endsWith("/");
}

function levelsOf(key: string): number {
  return key.split("/").length - 1;
}

function cut(key: string): string {
  const levels = key.split("/").slice(0, -1).slice(0, mostLevels);
  return levels.map((level) => `${level}/`).join("");
}
