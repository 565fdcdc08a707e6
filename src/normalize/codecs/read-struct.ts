/** Reads bytes by the steps of a layout. */

import { checksumIn } from "../../core/checksums.ts";
import { ByteReader } from "./byte-reader.ts";
import type { Decoded } from "./codec.ts";
import { scaleRaw } from "./scale-raw.ts";
import type { Step } from "./struct-steps.ts";
import type { Raw, StructType } from "./struct-type.ts";

/** All repeated parts of one payload together. */
const maxMembers = 4_096;

const maxMisfits = 8;

/** What was read of one list of fields, and of those around it. */
interface Scope {
  readonly values: Record<string, unknown>;
  /** As they stand in the bytes: what counts and cases go by. */
  readonly raws: Map<string, Raw>;
  readonly around: Scope | undefined;
  /** The byte where it begins. */
  readonly start: number;
}

/** Why reading ended early. */
type Problem = string | undefined;

export function readStruct(steps: readonly Step[], bytes: Uint8Array): Decoded {
  const reader = new ByteReader(bytes);
  const bigNumbers = new Set<string>();
  const misfits = new Set<string>();
  let members = 0;

  const readSteps = (list: readonly Step[], scope: Scope): Problem => {
    for (const step of list) {
      const problem = readStep(step, scope);
      if (problem !== undefined) return problem;
    }
    return undefined;
  };

  const readStep = (step: Step, scope: Scope): Problem => {
    switch (step.kind) {
      case "repeat":
        return readRepeat(step, scope);
      case "if": {
        const isSet = (Math.floor(Number(rawOf(step.on, scope)) / 2 ** step.bit) & 1) === 1;
        return readSteps(isSet ? step.then : step.otherwise, scope);
      }
      case "switch": {
        const on = rawOf(step.on, scope);
        const key = typeof on === "string" || on === null ? String(on) : Number(on);
        const chosen = step.cases.get(key) ?? step.otherwise;
        return chosen === undefined
          ? `nothing is said for ${step.on} ${on}`
          : readSteps(chosen, scope);
      }
      default:
        break;
    }
    if (step.at !== undefined) reader.seek(step.at);
    const place = reader.place;
    const raw = step.type.read(reader, countOf(step.type, scope));
    if (raw === undefined)
      return `payload ends at byte ${bytes.byteLength}, in ${nameOf(step)} at byte ${place}`;
    if (step.kind === "check") return checkBytes(step, raw, place, scope);
    if (step.kind === "value") {
      if (raw === null && step.type.kind === "text") misfits.add(`${step.name} is not UTF-8`);
      scope.raws.set(step.name, raw);
      scope.values[step.name] = meaningOf(step, raw, bigNumbers);
    }
    return undefined;
  };

  const readRepeat = (step: Extract<Step, { kind: "repeat" }>, scope: Scope): Problem => {
    const found: unknown[] = [];
    if (step.name !== undefined) scope.values[step.name] = found;
    const times =
      typeof step.times === "object" ? Number(rawOf(step.times.field, scope)) : step.times;
    const end = bytes.byteLength + (step.to ?? 0);
    while (times === "end" ? reader.place < end : found.length < times) {
      members += 1;
      if (members > maxMembers) return `more than ${maxMembers} members are repeated`;
      const before = reader.bitPlace;
      const member = { values: {}, raws: new Map(), around: scope, start: reader.place };
      const problem = readSteps(step.steps, member);
      if (problem !== undefined) return problem;
      if (reader.bitPlace === before)
        return `a member of ${step.name ?? "what is repeated"} has no bytes`;
      if (step.name === undefined) putAround(member.values, step.inner, scope);
      else found.push(member.values);
    }
    return undefined;
  };

  /** What comes twice with different values has none. */
  const putAround = (
    values: Readonly<Record<string, unknown>>,
    inner: ReadonlySet<string>,
    { values: around }: Scope,
  ): void => {
    for (const [name, value] of Object.entries(values)) {
      if (inner.has(name)) continue;
      if (!Object.hasOwn(around, name)) around[name] = value;
      else if (around[name] !== value) {
        around[name] = null;
        misfits.add(`${name} stands more than once`);
      }
    }
  };

  const checkBytes = (
    step: Extract<Step, { kind: "check" }>,
    written: Raw,
    place: number,
    scope: Scope,
  ): Problem => {
    const from = step.from === undefined ? scope.start : step.from;
    const covered = bytes.subarray(from, step.to ?? place);
    const right = checksumIn(step.checksum, covered, reader.place - place);
    return Number(written) === right
      ? undefined
      : `the ${step.checksum} at byte ${place} is ${written}, and should be ${right}`;
  };

  const countOf = ({ count }: StructType, scope: Scope): number => {
    if (count === "rest") return bytes.byteLength - reader.place;
    return typeof count === "number" ? count : Number(rawOf(count.field, scope));
  };

  const root: Scope = { values: {}, raws: new Map(), around: undefined, start: 0 };
  const problem = readSteps(steps, root);
  if (problem !== undefined) return { ok: false, reason: problem };
  if (reader.unread > 0)
    return { ok: false, reason: `${reader.unread} bytes stand behind the last field` };
  return {
    ok: true,
    value: root.values,
    ...(bigNumbers.size > 0 && { bigNumbers }),
    ...(misfits.size > 0 && { misfits: [...misfits].slice(0, maxMisfits) }),
  };
}

function rawOf(name: string, scope: Scope): Raw | undefined {
  for (let here: Scope | undefined = scope; here !== undefined; here = here.around) {
    const raw = here.raws.get(name);
    if (raw !== undefined) return raw;
  }
  return undefined;
}

function meaningOf(
  { none, offset, scale }: Extract<Step, { kind: "value" }>,
  raw: Raw,
  bigNumbers: Set<string>,
): unknown {
  if (raw === null || typeof raw === "string") return raw;
  if (none.includes(Number(raw))) return null;
  if (typeof raw === "bigint" && !Number.isSafeInteger(Number(raw))) {
    bigNumbers.add(String(raw));
    return String(raw);
  }
  return scaleRaw(Number(raw), scale, offset);
}

function nameOf(step: Exclude<Step, { kind: "repeat" | "switch" | "if" }>): string {
  if (step.kind === "value") return step.name;
  return step.kind === "skip" ? "what is skipped" : `the ${step.checksum}`;
}
