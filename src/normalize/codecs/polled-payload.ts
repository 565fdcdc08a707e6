/**
 * What a poll brought, as a payload: registers in hex and bits as 0 and 1, by table and by the address
 * of the first; what could not be read, and why; where the models of a SunSpec device begin.
 */
import { isObject } from "../../core/is-object.ts";
import type { RegisterTable } from "../../core/poll-plan.ts";

interface Read {
  readonly at: number;
  readonly count: number;
  /** Four digits of hex for each register; one digit for each bit. */
  readonly digits: string;
}

interface Failed {
  readonly table: string;
  readonly at: number;
  readonly count: number;
  /** `at` is from the id of one of these. */
  readonly models: readonly number[] | undefined;
  readonly nth: number;
  readonly reason: string;
}

/** A payload of more blocks is none of ours. */
const mostBlocks = 1_024;
const maxReasonLength = 160;
const tables: readonly RegisterTable[] = ["coil", "discrete", "holding", "input"];

/** Reads the text of a payload, or tells what is wrong with it. */
export function parsePolled(text: string): PolledPayload | string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return "payload is not JSON";
  }
  if (!isObject(value) || Array.isArray(value)) return "payload is not an object of tables";
  const blocks = new Map<RegisterTable, Read[]>();
  let count = 0;
  for (const table of tables) {
    const held = value[table];
    if (held === undefined) continue;
    const found = readTable(table, held);
    if (typeof found === "string") return found;
    count += found.length;
    blocks.set(table, found);
  }
  const failed = Array.isArray(value.failed) ? value.failed : [];
  if (count + failed.length > mostBlocks) return `payload has more than ${mostBlocks} blocks`;
  return new PolledPayload(blocks, failed.flatMap(readFailed), readModels(value.models));
}

function readTable(table: RegisterTable, held: unknown): Read[] | string {
  if (!isObject(held)) return `${table} is not an object of blocks`;
  const isOfBits = table === "coil" || table === "discrete";
  const form = isOfBits ? /^[01]+$/ : /^(?:[0-9a-f]{4})+$/i;
  const reads: Read[] = [];
  for (const [key, digits] of Object.entries(held)) {
    if (!/^\d{1,5}$/.test(key)) return `${table} has a block at "${key.slice(0, 32)}"`;
    if (typeof digits !== "string" || !form.test(digits))
      return `${table} ${key} is not ${isOfBits ? "zeros and ones" : "registers in hex"}`;
    const count = isOfBits ? digits.length : digits.length / 4;
    if (Number(key) + count > 65_536) return `${table} ${key} goes beyond address 65535`;
    reads.push({ at: Number(key), count, digits });
  }
  return reads;
}

function readFailed(one: unknown): Failed[] {
  if (!isObject(one)) return [];
  const { at, count, models, nth, reason, table } = one;
  if (typeof at !== "number" || typeof count !== "number" || typeof table !== "string") return [];
  return [
    {
      ...{ at, count, table },
      models: Array.isArray(models) ? models.filter((id) => typeof id === "number") : undefined,
      nth: typeof nth === "number" ? nth : 1,
      reason: typeof reason === "string" ? reason.slice(0, maxReasonLength) : "it was not read",
    },
  ];
}

function readModels(value: unknown): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  if (!isObject(value)) return found;
  for (const [id, at] of Object.entries(value))
    if (typeof at === "number" && Number.isInteger(at)) found.set(id, at);
  return found;
}

export class PolledPayload {
  readonly #blocks: ReadonlyMap<RegisterTable, readonly Read[]>;
  readonly #failed: readonly Failed[];
  /** Where models begin, by their keys. */
  readonly models: ReadonlyMap<string, number>;

  constructor(
    blocks: ReadonlyMap<RegisterTable, readonly Read[]>,
    failed: readonly Failed[],
    models: ReadonlyMap<string, number>,
  ) {
    this.#blocks = blocks;
    this.#failed = failed;
    this.models = models;
  }

  /** The digits of neighbors; undefined where not all of them were read. */
  digits(table: RegisterTable, at: number, count: number): string | undefined {
    for (const block of this.#blocks.get(table) ?? []) {
      if (at < block.at || at + count > block.at + block.count) continue;
      const each = block.digits.length / block.count;
      return block.digits.slice((at - block.at) * each, (at + count - block.at) * each);
    }
    return undefined;
  }

  /** Why something was not read; undefined where it was not asked for. */
  failure({ at, count, models, nth, table }: Omit<Failed, "reason">): string | undefined {
    return this.#failed.find(
      (one) =>
        one.table === table &&
        at < one.at + one.count &&
        one.at < at + count &&
        (models === undefined
          ? one.models === undefined
          : one.nth === nth && one.models?.some((id) => models.includes(id))),
    )?.reason;
  }
}
