/** The models of a SunSpec device: a marker, then each with its id and length, to the end. */
import type { RegisterBlock } from "../../core/poll-plan.ts";
import type { Answer } from "./request.ts";

export interface ModelPlace {
  readonly id: number;
  /** Of the register with its id. */
  readonly at: number;
  /** Registers behind its id and length. */
  readonly length: number;
}

const marker = "53756e53";
const endOfModels = 0xffff;
/** Devices have a dozen or two. */
const mostModels = 100;

/** The registers of a block in hex, or what came in their place. */
export type ReadBlock = (
  block: RegisterBlock,
) => Promise<string | Exclude<Answer, { kind: "data" }>>;

/**
 * Goes through the models, in the order in which they stand. The answer that ended it, where the device
 * cannot be asked now; words, where it has no models.
 */
export async function findModels(
  markers: readonly number[],
  read: ReadBlock,
): Promise<readonly ModelPlace[] | Exclude<Answer, { kind: "data" }> | string> {
  for (const start of markers) {
    const found = await read({ table: "holding", at: start, count: 2 });
    if (typeof found !== "string") {
      if (found.kind === "exception") continue;
      return found;
    }
    if (found.toLowerCase() === marker) return walk(start + 2, read);
  }
  return `no SunSpec marker at ${markers.join(", ")}`;
}

async function walk(
  start: number,
  read: ReadBlock,
): Promise<readonly ModelPlace[] | Exclude<Answer, { kind: "data" }>> {
  const models: ModelPlace[] = [];
  let at = start;
  for (let count = 0; count < mostModels && at <= endOfModels - 1; count += 1) {
    const found = await read({ table: "holding", at, count: 2 });
    if (typeof found !== "string") {
      // Some devices end with nothing at all where the end should be written.
      if (found.kind === "exception" && models.length > 0) break;
      return found;
    }
    const id = Number.parseInt(found.slice(0, 4), 16);
    const length = Number.parseInt(found.slice(4), 16);
    if (id === endOfModels || id === 0) break;
    models.push({ id, at, length });
    at += 2 + length;
  }
  return models;
}
