/**
 * Parameters of a command as they are typed in a form. What the server would refuse is said here before
 * it is sent; the server has the last word all the same. Pure.
 */
import type { DeclaredCommand } from "../../api/shapes/device.ts";
import { unitText } from "./unit-text.ts";

export type CommandParam = DeclaredCommand["params"][number];
export type ParamValue = number | boolean | string;

/** What stands in the fields; a field that is not here is empty. */
export type Typed = ReadonlyMap<string, string>;

export interface ReadParams {
  /** What to send; fields that were left to their fallback are not in it. */
  readonly values: Readonly<Record<string, ParamValue>>;
  /** What is wrong, by the name of the parameter. */
  readonly faults: ReadonlyMap<string, string>;
}

const mostCharacters = 1_024;

/** Reads all fields. */
export function readTyped(params: readonly CommandParam[], typed: Typed): ReadParams {
  const values = new Map<string, ParamValue>();
  const faults = new Map<string, string>();
  for (const param of params) {
    const text = typed.get(param.name) ?? "";
    if (text === "" && param.fallback !== null) continue;
    const read = readOne(param, text);
    if ("value" in read) values.set(param.name, read.value);
    else faults.set(param.name, read.fault);
  }
  return { values: Object.fromEntries(values), faults };
}

/** What may stand in a field: `-30 to -10 °C, by default -18`. */
export function rangeText({ fallback, kind, max, min, step, unit }: CommandParam): string {
  const sign = unitText(unit);
  const inUnit = sign === "" ? "" : ` ${sign}`;
  const parts: string[] = [];
  if (kind === "number" && min !== null && max !== null) parts.push(`${min} to ${max}${inUnit}`);
  else if (kind === "number" && min !== null) parts.push(`${min}${inUnit} or more`);
  else if (kind === "number" && max !== null) parts.push(`${max}${inUnit} or less`);
  else if (sign !== "") parts.push(`in ${sign}`);
  if (step !== null) parts.push(`in steps of ${step}`);
  if (fallback !== null) parts.push(`by default ${fallback}`);
  return parts.join(", ");
}

type ReadOne = { readonly value: ParamValue } | { readonly fault: string };

function readOne(param: CommandParam, text: string): ReadOne {
  if (text.trim() === "" && param.kind !== "text") return { fault: needed(param) };
  switch (param.kind) {
    case "number":
      return readNumber(param, text.trim());
    case "boolean":
      return text === "true" || text === "false"
        ? { value: text === "true" }
        : { fault: "Choose true or false" };
    case "choice":
      return param.choices.includes(text)
        ? { value: text }
        : { fault: `Choose one of ${param.choices.join(", ")}` };
    case "text":
      if (text === "") return { fault: "Type a text" };
      return text.length > mostCharacters
        ? { fault: `At most ${mostCharacters} characters; these are ${text.length}` }
        : { value: text };
  }
}

function needed(param: CommandParam): string {
  if (param.kind !== "number") return "Choose a value";
  const sign = unitText(param.unit);
  return sign === "" ? "Type a number" : `Type a number in ${sign}`;
}

/** A comma is taken for a point, as many keyboards have it. */
function readNumber({ max, min, step, unit }: CommandParam, text: string): ReadOne {
  const plain = /^[-+]?\d+,\d+$/.test(text) ? text.replace(",", ".") : text;
  const isNumber = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?$/i.test(plain);
  const value = isNumber ? Number(plain) : Number.NaN;
  if (!Number.isFinite(value)) return { fault: `"${text.slice(0, 40)}" is no number` };
  const sign = unitText(unit);
  const inUnit = sign === "" ? "" : ` ${sign}`;
  if (min !== null && value < min) return { fault: `${value} is below ${min}${inUnit}` };
  if (max !== null && value > max) return { fault: `${value} is above ${max}${inUnit}` };
  const steps = step === null ? 0 : (value - (min ?? 0)) / step;
  if (Math.abs(steps - Math.round(steps)) > 1e-6)
    return { fault: `${value} is not in steps of ${step}${inUnit} from ${min ?? 0}` };
  return { value };
}
