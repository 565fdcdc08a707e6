/** From what a poll brought to the values of a register map. */
import { modelKey } from "../../core/poll-plan.ts";
import type { Decoded } from "./codec.ts";
import { type PolledPayload, parsePolled } from "./polled-payload.ts";
import type { RegisterValue } from "./register-values.ts";
import { scaleRaw } from "./scale-raw.ts";
import type { Raw } from "./struct-type.ts";

/** SunSpec allows these powers of ten. */
const mostPower = 10;

/** What is in the registers of one value: a number or text, nothing, or why they were not read. */
type Found = { readonly raw: Raw | boolean } | { readonly failed: string };

/**
 * What others are scaled by is no value itself. A value that should be there and was not read is the
 * reason why, and listed among the failures.
 */
export function registersReader(values: readonly RegisterValue[]): (text: string) => Decoded {
  const byName = new Map(values.map((value) => [value.name, value]));
  const factors = new Set(values.flatMap(({ scaleBy, times }) => [...times, scaleBy]));
  const told = values.filter(({ name }) => !factors.has(name));
  return (text) => {
    const polled = parsePolled(text);
    return typeof polled === "string"
      ? { ok: false, reason: polled }
      : readPolled(told, byName, polled);
  };
}

function readPolled(
  told: readonly RegisterValue[],
  byName: ReadonlyMap<string, RegisterValue>,
  polled: PolledPayload,
): Decoded {
  const bigNumbers = new Set<string>();
  const failures = new Set<string>();
  const read: Record<string, unknown> = {};

  const findNamed = (name: string): Found | undefined => {
    const value = byName.get(name);
    return value && find(value, polled);
  };

  for (const value of told) {
    const found = find(value, polled);
    if (found === undefined) continue;
    const meant = "failed" in found ? found : meaningOf(value, found.raw, findNamed, bigNumbers);
    if (typeof meant === "object" && meant !== null) failures.add(meant.failed);
    read[value.name] = typeof meant === "object" && meant !== null ? meant.failed : meant;
  }
  return {
    ok: true,
    value: read,
    ...(bigNumbers.size > 0 && { bigNumbers }),
    ...(failures.size > 0 && { failures }),
  };
}

/** Undefined where nobody asked for it. */
function find(value: RegisterValue, polled: PolledPayload): Found | undefined {
  const { at, bits, count, models, none, nth, order, table, type } = value;
  const failed = polled.failure(value);
  if (failed !== undefined) return { failed };
  const model = models?.find((id) => polled.models.has(modelKey(id, nth)));
  const start = model === undefined ? 0 : (polled.models.get(modelKey(model, nth)) ?? 0);
  if (models !== undefined && model === undefined) return undefined;
  const digits = polled.digits(table, start + at, count);
  if (digits === undefined) return undefined;
  if (model !== undefined) {
    const id = polled.digits(table, start, 1);
    if (id !== undefined && Number.parseInt(id, 16) !== model)
      return { failed: `the model at ${start} is ${Number.parseInt(id, 16)}, not ${model}` };
  }
  if (type === undefined) return { raw: digits === "1" };
  const raw = type.read(Buffer.from(digits, "hex"), order);
  if (none.has(String(raw))) return { raw: null };
  if (bits === undefined || raw === null || typeof raw === "string") return { raw };
  const shifted = BigInt(raw) >> BigInt(bits.lowest);
  if (bits.single) return { raw: (shifted & 1n) === 1n };
  return { raw: (bits.signed ? BigInt.asIntN : BigInt.asUintN)(bits.width, shifted) };
}

function meaningOf(
  { name, offset, scale, scaleBy, times }: RegisterValue,
  raw: Raw | boolean,
  findNamed: (name: string) => Found | undefined,
  bigNumbers: Set<string>,
): number | string | boolean | null | { readonly failed: string } {
  if (raw === null || typeof raw === "string" || typeof raw === "boolean") return raw;
  const isAsItStands = scale === 1 && offset === 0 && times.length === 0 && scaleBy === undefined;
  if (isAsItStands && !Number.isSafeInteger(Number(raw)) && typeof raw === "bigint") {
    bigNumbers.add(String(raw));
    return String(raw);
  }
  let value = scaleRaw(Number(raw), scale, offset);
  for (const factor of times) {
    const found = factorOf(factor, findNamed);
    if (typeof found !== "number") return found;
    value = Number((value * found).toPrecision(12));
  }
  if (scaleBy === undefined) return value;
  const power = factorOf(scaleBy, findNamed);
  if (typeof power !== "number") return power;
  if (!Number.isInteger(power) || Math.abs(power) > mostPower)
    return { failed: `${scaleBy} says that ${name} is multiplied by ten to the power of ${power}` };
  // As it would be written: 2342 tenths are 234.2; but not what is written with a power itself.
  const written = Number(`${value}e${power}`);
  return Number.isNaN(written) ? value * 10 ** power : written;
}

function factorOf(
  name: string,
  findNamed: (name: string) => Found | undefined,
): number | null | { readonly failed: string } {
  const found = findNamed(name);
  if (found === undefined) return { failed: `${name}, which it is scaled by, was not read` };
  if ("failed" in found) return { failed: `${name}, which it is scaled by: ${found.failed}` };
  const { raw } = found;
  return raw === null || typeof raw === "string" || typeof raw === "boolean" ? null : Number(raw);
}
