/** What a poll brought, as it comes together; its text is the payload of the message. */
import type { PollGroup, RegisterBlock, RegisterTable } from "../../core/poll-plan.ts";
import { isOfGateway } from "./exceptions.ts";
import type { Answer } from "./request.ts";

interface Failed {
  readonly table: RegisterTable;
  readonly at: number;
  readonly count: number;
  readonly models?: readonly number[];
  readonly nth?: number;
  readonly reason: string;
}

export class PollResult {
  readonly #group: PollGroup;
  readonly #read: Partial<Record<RegisterTable, Record<number, string>>> = {};
  readonly #failed: Failed[] = [];
  /** Where the model begins that was read. */
  models: Readonly<Record<string, number>> | undefined;
  /** The line went meanwhile. */
  isGone = false;
  /** The device answered something. */
  isAnswered = false;
  /** It does not answer any more: why, in words. The rest is not asked for. */
  silence: string | undefined;

  constructor(group: PollGroup) {
    this.#group = group;
  }

  /** Nothing was to be asked for: the device does not have the model. */
  get isEmpty(): boolean {
    return this.#failed.length === 0 && Object.keys(this.#read).length === 0;
  }

  /** Why not all was read; undefined where all was. */
  get trouble(): string | undefined {
    return this.#failed[0]?.reason;
  }

  /** Takes down what an answer says about the device. */
  note(answer: Answer, words: () => string): void {
    if (answer.kind === "gone") this.isGone = true;
    else if (isSilent(answer)) this.silence = words();
    else this.isAnswered = true;
  }

  add({ at, table }: RegisterBlock, digits: string): void {
    const ofTable = this.#read[table] ?? {};
    ofTable[at] = digits;
    this.#read[table] = ofTable;
  }

  fail({ at, count, table }: RegisterBlock, reason: string): void {
    const { models, nth } = this.#group;
    const ofModel = { ...(models && { models }), ...(nth !== undefined && { nth }) };
    this.#failed.push({ table, at, count, ...ofModel, reason });
  }

  /** False where another model was read in the place of this one. */
  hasModel(id: number, at: number): boolean {
    const head = this.#read.holding?.[at];
    return head === undefined || Number.parseInt(head.slice(0, 4), 16) === id;
  }

  toText(): string {
    return JSON.stringify({
      ...(this.models && { models: this.models }),
      ...this.#read,
      ...(this.#failed.length > 0 && { failed: this.#failed }),
    });
  }
}

/** Nothing of the device itself came. Noise of the line is no word of it. */
export function isSilent(answer: Answer): boolean {
  if (answer.kind === "damage") return !answer.isOfUnit;
  return answer.kind === "silence" || (answer.kind === "exception" && isOfGateway(answer.code));
}
