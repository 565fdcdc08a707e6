/** The values of `registers`, taken apart: where each is, and what its registers mean. */
import type { RegisterTable } from "../../core/poll-plan.ts";
import { shortSingle } from "./floats.ts";
import { addressOfNumber } from "./register-address.ts";
import type { RegisterOrder } from "./register-order.ts";
import { isOfText, parseRegisterType, type RegisterType } from "./register-type.ts";
import type { GroupForm, RegistersForm, ValueForm } from "./registers-form.ts";

/** Some bits of a number, the lowest being 0. */
export interface BitRange {
  readonly lowest: number;
  readonly width: number;
  /** One of them, which is true or false. */
  readonly single: boolean;
  /** The highest of them is the sign, as it is of the type. */
  readonly signed: boolean;
}

export interface RegisterValue {
  readonly name: string;
  readonly table: RegisterTable;
  /** From 0; from the id of its model where it has models. */
  readonly at: number;
  /** Registers, or 1 in a table of bits. */
  readonly count: number;
  /** SunSpec: one of these. */
  readonly models: readonly number[] | undefined;
  /** Which of them. */
  readonly nth: number;
  /** Undefined in a table of bits. */
  readonly type: RegisterType | undefined;
  readonly order: RegisterOrder;
  readonly bits: BitRange | undefined;
  /** As the raw values print. */
  readonly none: ReadonlySet<string>;
  readonly scale: number;
  readonly offset: number;
  /** Names of values of its group: a power of ten, and factors. */
  readonly scaleBy: string | undefined;
  readonly times: readonly string[];
}

/** Takes down what is wrong, by its place in `registers`. */
export type RegisterReport = (path: (string | number)[], message: string) => void;

/** All values of one group. */
export function buildValues(
  form: RegistersForm,
  group: GroupForm,
  place: (string | number)[],
  report: RegisterReport,
): RegisterValue[] {
  const models = group.model === undefined ? undefined : [group.model].flat();
  const names = new Set(group.values.map(({ name }) => name));
  return group.values.map((value, index) => {
    const here = [...place, "values", index];
    const times = value.times === undefined ? [] : [value.times].flat();
    for (const name of [...times, value.scale_by])
      if (name !== undefined && (name === value.name || !names.has(name)))
        report(here, `no other value of this group is named ${name}`);
    const table = value.table ?? group.table;
    const type = buildType(value, table, here, report);
    const at = buildAddress(value, table, models !== undefined, here, report);
    const count = type?.count ?? 1;
    if (at + count > 65_536) report(here, "its registers go beyond address 65535");
    return {
      ...{ at, count, models, table, times, type },
      ...{ name: value.name, nth: group.nth },
      order: value.order ?? form.order,
      bits: buildBits(value, type, here, report),
      none: buildNone(value, type, models !== undefined, here, report),
      scale: value.scale ?? 1,
      offset: value.offset ?? 0,
      scaleBy: value.scale_by,
    };
  });
}

function buildAddress(
  { at, number }: ValueForm,
  table: RegisterTable,
  isInModel: boolean,
  here: (string | number)[],
  report: RegisterReport,
): number {
  if ((at === undefined) === (number === undefined)) {
    report(here, "a value has an address: at, or number; one of them");
    return 0;
  }
  if (number === undefined) return at ?? 0;
  if (isInModel) report([...here, "number"], "in a model a value has at, from the id of the model");
  const address = addressOfNumber(number, table);
  if (typeof address === "number") return address;
  report([...here, "number"], address.problem);
  return 0;
}

function buildType(
  value: ValueForm,
  table: RegisterTable,
  here: (string | number)[],
  report: RegisterReport,
): RegisterType | undefined {
  const { bits, none, offset, scale, scale_by: scaleBy, times, type: text } = value;
  if (table === "coil" || table === "discrete") {
    if (
      text !== "u16" ||
      [bits, none, offset, scale, scaleBy, times].some((one) => one !== undefined)
    )
      report(here, `a ${table} is true or false, and has nothing but a name and an address`);
    return undefined;
  }
  const type = parseRegisterType(text);
  if ("problem" in type) {
    report([...here, "type"], type.problem);
    return undefined;
  }
  if (isOfText(type.kind) && [offset, scale, scaleBy, times].some((one) => one !== undefined))
    report(here, "a text is not scaled");
  return type;
}

function buildBits(
  { bits }: ValueForm,
  type: RegisterType | undefined,
  here: (string | number)[],
  report: RegisterReport,
): BitRange | undefined {
  if (bits === undefined) return undefined;
  const [lowest, highest] = typeof bits === "number" ? [bits, bits] : bits;
  const isWhole = type?.kind === "unsigned" || type?.kind === "signed";
  if (!isWhole || highest >= type.count * 16 || highest < lowest)
    report(
      [...here, "bits"],
      `bits are of a whole number such as u16 or i32, from its lowest to its highest`,
    );
  return {
    ...{ lowest, width: highest - lowest + 1, single: typeof bits === "number" },
    signed: type?.kind === "signed",
  };
}

/** What a model writes where it has no value; SunSpec says it by type. */
const ofModels: Readonly<Record<string, string>> = {
  u16: "0xffff",
  i16: "0x8000",
  u32: "0xffffffff",
  i32: "0x80000000",
  u64: "0xffffffffffffffff",
  i64: "0x8000000000000000",
};

function buildNone(
  { none }: ValueForm,
  type: RegisterType | undefined,
  isInModel: boolean,
  here: (string | number)[],
  report: RegisterReport,
): ReadonlySet<string> {
  if (type === undefined) return new Set();
  const ofModel = isInModel ? ofModels[type.text] : undefined;
  const written = none ?? (ofModel === undefined ? [] : [ofModel]);
  return new Set(
    written.map((one, index) => {
      const raw = printedAs(one, type);
      if (raw === undefined)
        report([...here, "none", index], `${one} is nothing that a ${type.text} can hold`);
      return raw ?? "";
    }),
  );
}

/** The bits of a whole number as the type reads them: 0x8000 and -32768 are the same i16. */
function printedAs(written: number | string, { count, kind }: RegisterType): string | undefined {
  if (isOfText(kind)) return String(written);
  if (kind === "float")
    return String(count === 2 ? shortSingle(Math.fround(Number(written))) : Number(written));
  if (kind !== "unsigned" && kind !== "signed") return String(Number(written));
  if (
    typeof written === "string"
      ? !/^(?:0x[0-9a-f]+|-?\d+)$/i.test(written)
      : !Number.isInteger(written)
  )
    return undefined;
  const size = count * 16;
  const highest = 2n ** BigInt(size) - 1n;
  const whole = BigInt(written);
  // As a number, the highest of 64 bits is written one more than it is.
  const value = whole === highest + 1n && count === 4 ? highest : whole;
  if (value > highest || value < -(2n ** BigInt(size - 1))) return undefined;
  return String(kind === "signed" ? BigInt.asIntN(size, value) : BigInt.asUintN(size, value));
}
