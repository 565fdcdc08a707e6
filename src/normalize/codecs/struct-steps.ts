/** A layout of bytes, taken apart: what `decode` does one after the other. */
import type { Checksum } from "../../core/checksums.ts";
import type { StructField } from "./struct-form.ts";
import { parseStructType, type StructType } from "./struct-type.ts";

export type Step =
  | {
      readonly kind: "value";
      readonly name: string;
      readonly type: StructType;
      readonly at: number | undefined;
      readonly scale: number;
      readonly offset: number;
      /** As they stand in the bytes. */
      readonly none: readonly number[];
    }
  | { readonly kind: "skip"; readonly type: StructType; readonly at: number | undefined }
  | {
      readonly kind: "check";
      readonly checksum: Checksum;
      readonly type: StructType;
      readonly at: number | undefined;
      readonly from: number | undefined;
      readonly to: number | undefined;
    }
  | {
      readonly kind: "repeat";
      /** Undefined where what is repeated stands among what is around, under names of its own. */
      readonly name: string | undefined;
      /** Names that only tell what comes next, and have no place around. */
      readonly inner: ReadonlySet<string>;
      /** How often; the name of a field that says it, or as long as there are bytes. */
      readonly times: number | "end" | { readonly field: string };
      /** Bytes at the end that are none of its own, as a negative number. */
      readonly to: number | undefined;
      readonly steps: readonly Step[];
    }
  | {
      readonly kind: "if";
      readonly on: string;
      readonly bit: number;
      readonly then: readonly Step[];
      readonly otherwise: readonly Step[];
    }
  | {
      readonly kind: "switch";
      readonly on: string;
      /** By number and by text, as written. */
      readonly cases: ReadonlyMap<number | string, readonly Step[]>;
      readonly otherwise: readonly Step[] | undefined;
    };

/** Takes down what is wrong with a layout, by its place in the list of fields. */
export type StructReport = (path: (string | number)[], message: string) => void;

/** `names` are those of the fields in front; names of this list are added to them. */
export function buildSteps(
  fields: readonly StructField[],
  place: (string | number)[],
  names: Set<string>,
  repeated: boolean,
  report: StructReport,
): Step[] {
  return fields.flatMap((field, index) => {
    const here = [...place, index];
    const kinds = [field.repeat, field.switch, field.if, field.type];
    if (kinds.filter((one) => one !== undefined).length !== 1) {
      report(here, "a field has one of type, repeat, switch and if");
      return [];
    }
    if (repeated && (field.at !== undefined || field.from !== undefined))
      report(here, "what is repeated has no fixed place");
    if (field.repeat !== undefined) return buildRepeat(field, here, names, report);
    if (field.switch !== undefined) return buildSwitch(field, here, names, repeated, report);
    if (field.if !== undefined) return buildIf(field, here, names, repeated, report);
    return buildValue(field, here, names, report);
  });
}

function buildValue(
  field: StructField,
  here: (string | number)[],
  names: Set<string>,
  report: StructReport,
): Step[] {
  const type = parseStructType(field.type ?? "");
  if ("problem" in type) {
    report([...here, "type"], type.problem);
    return [];
  }
  if (typeof type.count === "object") checkName(type.count.field, [...here, "type"], names, report);
  const { at } = field;
  if (type.kind === "skip") return [{ kind: "skip", type, at }];
  if (field.check !== undefined)
    return [{ kind: "check", checksum: field.check, type, at, from: field.from, to: field.to }];
  const name = declare(field, here, names, report);
  if (type.kind === "text" && (field.scale !== undefined || field.offset !== undefined))
    report(here, "a text has no scale and no offset");
  const { none = [], offset = 0, scale = 1 } = field;
  return [{ kind: "value", name, type, at, scale, offset, none }];
}

function buildRepeat(
  field: StructField,
  here: (string | number)[],
  names: Set<string>,
  report: StructReport,
): Step[] {
  if (field.fields === undefined) report(here, "what is repeated is said by fields");
  const { repeat = "end", to } = field;
  const times = typeof repeat === "number" || repeat === "end" ? repeat : { field: repeat };
  if (typeof times === "object") checkName(times.field, [...here, "repeat"], names, report);
  const name = field.name === undefined ? undefined : declare(field, here, names, report);
  const steps = buildSteps(field.fields ?? [], [...here, "fields"], new Set(names), true, report);
  return [{ kind: "repeat", name, inner: new Set(askedFor(steps)), times, to, steps }];
}

/** Fields that other fields go by. */
function askedFor(steps: readonly Step[]): string[] {
  return steps.flatMap((step) => {
    switch (step.kind) {
      case "switch":
        return [step.on, ...[...step.cases.values(), step.otherwise ?? []].flatMap(askedFor)];
      case "if":
        return [step.on, ...askedFor(step.then), ...askedFor(step.otherwise)];
      case "repeat":
        return [...(typeof step.times === "object" ? [step.times.field] : []), ...step.inner];
      default:
        return typeof step.type.count === "object" ? [step.type.count.field] : [];
    }
  });
}

function buildIf(
  field: StructField,
  here: (string | number)[],
  names: Set<string>,
  repeated: boolean,
  report: StructReport,
): Step[] {
  const { bit = 0, if: on = "" } = field;
  checkName(on, [...here, "if"], names, report);
  if (field.bit === undefined) report(here, "bit says which bit of the field is meant");
  if (field.fields === undefined) report(here, "what comes if the bit is set is said by fields");
  const inside = (fields: readonly StructField[] = [], word: string): Step[] =>
    buildSteps(fields, [...here, word], new Set(names), repeated, report);
  const then = inside(field.fields, "fields");
  return [{ kind: "if", on, bit, then, otherwise: inside(field.else, "else") }];
}

function buildSwitch(
  field: StructField,
  here: (string | number)[],
  names: Set<string>,
  repeated: boolean,
  report: StructReport,
): Step[] {
  const on = field.switch ?? "";
  checkName(on, [...here, "switch"], names, report);
  if (field.cases === undefined) report(here, "what is read is said by cases");
  const inside = (fields: readonly StructField[], ...words: string[]): Step[] =>
    buildSteps(fields, [...here, ...words], new Set(names), repeated, report);
  const cases = new Map<number | string, readonly Step[]>();
  for (const [key, fields] of Object.entries(field.cases ?? {})) {
    const steps = inside(fields, "cases", key);
    cases.set(key, steps);
    if (/^(?:0x[0-9a-f]+|-?\d+)$/i.test(key)) cases.set(Number(key), steps);
  }
  return [{ kind: "switch", on, cases, otherwise: field.else && inside(field.else, "else") }];
}

function declare(
  field: StructField,
  here: (string | number)[],
  names: Set<string>,
  report: StructReport,
): string {
  const { name } = field;
  if (name === undefined) report(here, "a field needs a name");
  else if (names.has(name)) report([...here, "name"], `an earlier field is named ${name}, too`);
  else names.add(name);
  return name ?? "";
}

function checkName(
  name: string,
  here: (string | number)[],
  names: ReadonlySet<string>,
  report: StructReport,
): void {
  if (!names.has(name)) report(here, `no field in front is named ${name}`);
}
