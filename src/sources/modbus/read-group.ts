/** One poll: the blocks of a group of one member, one after the other, to what its message will hold. */
import { modelKey, type RegisterBlock } from "../../core/poll-plan.ts";
import { isOfBlock } from "./exceptions.ts";
import { askOften, type GroupReader, wordsOf } from "./group-reader.ts";
import { doubtModels, learnModel, within } from "./learn-model.ts";
import type { ModelPlace } from "./model-chain.ts";
import { PollResult } from "./poll-result.ts";
import { type Answer, digitsOf } from "./request.ts";

/** Undefined where the line went meanwhile. */
export async function readGroup(reader: GroupReader): Promise<PollResult | undefined> {
  const { group } = reader;
  const result = new PollResult(group);
  let model: ModelPlace | undefined;
  if (group.models !== undefined) {
    const found = await learnModel(reader, result);
    if (result.isGone) return undefined;
    if (found === undefined) return result;
    if (typeof found === "string") {
      for (const block of group.blocks) result.fail(block, found);
      return result;
    }
    model = found;
    result.models = { [modelKey(model.id, group.nth)]: model.at };
  }
  const poll = new GroupPoll(reader, result, model);
  await poll.readAll(group.blocks);
  if (result.isGone) return undefined;
  if (model !== undefined && !result.hasModel(model.id, model.at)) reader.member.models = undefined;
  if (result.silence !== undefined && !result.isAnswered) await proveLife(reader, result);
  return result.isGone ? undefined : result;
}

/**
 * Asks a member that may be gone for what it answered last: what was asked for may be all that it says
 * nothing to.
 */
async function proveLife(reader: GroupReader, result: PollResult): Promise<void> {
  const { member } = reader;
  const { mute, proof } = member;
  if (proof === undefined || member.misses === 0 || member.state === "offline") return;
  if (mute.isSuspect(proof.block)) return;
  await askOften(reader, proof.real, result, 1);
  if (result.isAnswered) mute.answered(proof.block);
}

class GroupPoll {
  readonly #reader: GroupReader;
  readonly #result: PollResult;
  readonly #model: ModelPlace | undefined;
  /** A mute block was asked for: one is enough for a poll. */
  #isPatient = true;

  constructor(reader: GroupReader, result: PollResult, model: ModelPlace | undefined) {
    this.#reader = reader;
    this.#result = result;
    this.#model = model;
  }

  /** True where some of them were read. */
  async readAll(blocks: readonly RegisterBlock[]): Promise<boolean> {
    let some = false;
    for (const block of this.#reader.member.mute.inTurn(blocks)) {
      some = (await this.#read(block)) || some;
      if (this.#result.isGone) return some;
    }
    return some;
  }

  async #read(block: RegisterBlock): Promise<boolean> {
    const { member } = this.#reader;
    const { parts } = block;
    if (parts !== undefined && member.way(block) === "parts") return this.readAll(parts);
    const real = this.#model === undefined ? block : within(block, this.#model);
    if (real.count === 0) return false;
    const reason = this.#result.silence ?? this.#restOf(block);
    if (reason !== undefined) {
      this.#result.fail(block, reason);
      return false;
    }
    const answer = await this.#ask(block, real);
    if (answer.kind === "data") {
      this.#result.add(real, digitsOf(real, answer.pdu));
      member.proof = { block, real };
      return true;
    }
    const isTooMuch = answer.kind === "exception" && isOfBlock(answer.code);
    if (isTooMuch && parts !== undefined && member.way(block) !== "whole")
      return this.#readInParts(block, parts, wordsOf(answer));
    if (isTooMuch && this.#model !== undefined && block.at === 0) doubtModels(this.#reader);
    this.#result.fail(block, wordsOf(answer));
    return false;
  }

  /** Why a block that the member says nothing to is not asked for now. */
  #restOf(block: RegisterBlock): string | undefined {
    const { member, nowMs } = this.#reader;
    if (member.misses > 0 || !member.mute.isMute(block)) return undefined;
    return member.mute.restOf(block, this.#isPatient ? nowMs() : Number.NEGATIVE_INFINITY);
  }

  async #ask(block: RegisterBlock, real: RegisterBlock): Promise<Answer> {
    const { group, longestRestMs, member, nowMs, tries } = this.#reader;
    const { mute } = member;
    const isMute = member.misses === 0 && mute.isMute(block);
    const most = mute.isSuspect(block) ? 1 : tries;
    const answer = await askOften(this.#reader, real, this.#result, most);
    const { silence } = this.#result;
    if (silence === undefined) {
      if (!this.#result.isGone) mute.answered(block);
      return answer;
    }
    const rest = { nowMs: nowMs(), everyMs: group.everyMs, longestMs: longestRestMs };
    mute.silent(block, silence, rest);
    if (isMute) {
      this.#isPatient = false;
      this.#result.silence = undefined;
    }
    return answer;
  }

  /** Once its parts were to be had, the block is asked for in parts for good. */
  async #readInParts(
    block: RegisterBlock,
    parts: readonly RegisterBlock[],
    reason: string,
  ): Promise<boolean> {
    const { member, tell } = this.#reader;
    const some = await this.readAll(parts);
    if (this.#result.isGone || this.#result.silence !== undefined) return some;
    member.learn(block, some ? "parts" : "whole");
    const { at, count, table } = block;
    const what = `${member.device} refuses ${table} ${at} to ${at + count - 1} at once (${reason})`;
    tell(
      some ? `${what}; it is asked for parts of it from now on` : `${what}, and each part of it`,
    );
    return some;
  }
}
