/** Where the SunSpec model of a group is, as far as it is known; looked for where it is not. */
import type { RegisterBlock } from "../../core/poll-plan.ts";
import { askOften, type GroupReader, wordsOf } from "./group-reader.ts";
import { findModels, type ModelPlace } from "./model-chain.ts";
import type { PollResult } from "./poll-result.ts";
import { digitsOf } from "./request.ts";

/** The models are gone through again after so long where one is missing: a meter may have been added. */
const againMs = 3_600_000;
/** And not more often than this where a device refuses what stands where a model was found. */
const anewMs = 60_000;

/** The model; why it is not known, in words; undefined where the device does not have it. */
export async function learnModel(
  reader: GroupReader,
  result: PollResult,
): Promise<ModelPlace | string | undefined> {
  const { group, member, plan } = reader;
  const known = member.models;
  if (known !== undefined) {
    const model = member.modelOf(group);
    if (model !== undefined || reader.nowMs() - known.foundMs < againMs) return model;
  }
  const places = await findModels(plan.markers, async (block) => {
    const answer = await askOften(reader, block, result);
    return answer.kind === "data" ? digitsOf(block, answer.pdu) : answer;
  });
  if (typeof places === "string") return places;
  if ("kind" in places) return wordsOf(places);
  member.models = { places, foundMs: reader.nowMs() };
  const model = member.modelOf(group);
  const { models = [], nth = 1 } = group;
  if (model === undefined)
    reader.tell(
      `${member.device} has ${nth === 1 ? "none" : `fewer than ${nth}`} of the models ${models.join(", ")}`,
    );
  return model;
}

/** A place where a model was found is refused: it may have moved. */
export function doubtModels({ member, nowMs }: GroupReader): void {
  const { models } = member;
  if (models !== undefined && nowMs() - models.foundMs >= anewMs) member.models = undefined;
}

/** Where the device has it, and no further than its model goes. */
export function within({ at, count, table }: RegisterBlock, model: ModelPlace): RegisterBlock {
  const left = model.length + 2 - at;
  return { table, at: model.at + at, count: Math.max(0, Math.min(count, left)) };
}
