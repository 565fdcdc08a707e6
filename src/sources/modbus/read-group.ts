/** One poll: the blocks of a group of one member, one after the other, to what its message will hold. */
import type { PollGroup, PollPlan, RegisterBlock } from "../../core/poll-plan.ts";
import { exceptionWords, isForNow, isOfBlock } from "./exceptions.ts";
import type { Member } from "./member.ts";
import { findModels, type ModelPlace } from "./model-chain.ts";
import { PollResult } from "./poll-result.ts";
import { type Answer, digitsOf } from "./request.ts";

type Model = ModelPlace & { readonly id: number };
type NoData = Exclude<Answer, { kind: "data" }>;

export interface GroupReader {
  readonly member: Member;
  readonly plan: PollPlan;
  readonly group: PollGroup;
  /** How often a block is asked for before it failed. */
  readonly tries: number;
  /** Asks once. */
  ask(block: RegisterBlock): Promise<Answer>;
  /** What is found out about the device, said once. */
  tell(words: string): void;
}

/** Undefined where the line went meanwhile, or nothing is to be asked for: then there is no message. */
export async function readGroup(reader: GroupReader): Promise<PollResult | undefined> {
  const { group, member } = reader;
  const result = new PollResult(group);
  let model: Model | undefined;
  if (group.models !== undefined) {
    const reason = await learnModels(reader, result);
    if (result.isGone) return undefined;
    model = member.modelOf(group);
    if (model === undefined && reason === undefined) {
      reader.tell(`${member.device} has none of the models ${group.models.join(", ")}`);
      return undefined;
    }
    if (model === undefined) {
      for (const block of group.blocks) result.fail(block, reason ?? "");
      return result;
    }
    result.models = { [model.id]: model.at };
  }
  for (const block of group.blocks) {
    await readBlock(reader, result, block, model);
    if (result.isGone) return undefined;
  }
  if (model !== undefined && !result.hasModel(model.id, model.at)) member.models = undefined;
  return result;
}

/** Why the models are not known, in words; undefined once they are. */
async function learnModels(reader: GroupReader, result: PollResult): Promise<string | undefined> {
  const { member, plan } = reader;
  if (member.models !== undefined) return undefined;
  const found = await findModels(plan.markers, async (block) => {
    const answer = await askOften(reader, block, result);
    return answer.kind === "data" ? digitsOf(block, answer.pdu) : answer;
  });
  if (typeof found === "string") return found;
  if ("kind" in found) return wordsOf(found);
  member.models = found;
  return undefined;
}

/** True where some of the block was read. */
async function readBlock(
  reader: GroupReader,
  result: PollResult,
  block: RegisterBlock,
  model: Model | undefined,
): Promise<boolean> {
  const { member } = reader;
  if (block.parts !== undefined && member.way(block) === "parts")
    return readParts(reader, result, block.parts, model);
  const real = model === undefined ? block : within(block, model);
  if (real.count === 0) return false;
  if (result.silence !== undefined) {
    result.fail(block, result.silence);
    return false;
  }
  const answer = await askOften(reader, real, result);
  if (answer.kind === "data") {
    result.add(real, digitsOf(real, answer.pdu));
    return true;
  }
  const isTooMuch = answer.kind === "exception" && isOfBlock(answer.code);
  if (isTooMuch && block.parts !== undefined && member.way(block) !== "whole")
    return readInParts(reader, result, block, model, wordsOf(answer));
  result.fail(block, wordsOf(answer));
  return false;
}

/** Once its parts were to be had, the block is asked for in parts for good. */
async function readInParts(
  reader: GroupReader,
  result: PollResult,
  block: RegisterBlock,
  model: Model | undefined,
  reason: string,
): Promise<boolean> {
  const { member, tell } = reader;
  const some = await readParts(reader, result, block.parts ?? [], model);
  if (result.isGone || result.silence !== undefined) return some;
  member.learn(block, some ? "parts" : "whole");
  const { at, count, table } = block;
  const what = `${member.device} refuses ${table} ${at} to ${at + count - 1} at once (${reason})`;
  tell(some ? `${what}; it is asked for parts of it from now on` : `${what}, and each part of it`);
  return some;
}

async function readParts(
  reader: GroupReader,
  result: PollResult,
  parts: readonly RegisterBlock[],
  model: Model | undefined,
): Promise<boolean> {
  let some = false;
  for (const part of parts) {
    some = (await readBlock(reader, result, part, model)) || some;
    if (result.isGone) return some;
  }
  return some;
}

/** Where the device has it, and no further than its model goes. */
function within({ at, count, table }: RegisterBlock, model: Model): RegisterBlock {
  const left = model.length + 2 - at;
  return { table, at: model.at + at, count: Math.max(0, Math.min(count, left)) };
}

async function askOften(
  reader: GroupReader,
  block: RegisterBlock,
  result: PollResult,
): Promise<Answer> {
  let answer = await reader.ask(block);
  for (let tried = 1; tried < reader.tries && isWorthAgain(answer); tried += 1)
    answer = await reader.ask(block);
  result.note(answer, () => (answer.kind === "data" ? "" : wordsOf(answer)));
  return answer;
}

function isWorthAgain(answer: Answer): boolean {
  if (answer.kind === "exception") return isForNow(answer.code);
  return answer.kind === "silence" || answer.kind === "damage";
}

/** Why there is no data, in words. */
function wordsOf(answer: NoData): string {
  return answer.kind === "exception" ? exceptionWords(answer.code) : answer.text;
}
