/** Parameters of a command, held against what its profile says of them. */
import type { CommandValue } from "../../core/command.ts";
import type { ParamMapping } from "./command-mapping.ts";
import type { Problem } from "./text-template.ts";

type Params = Readonly<Record<string, CommandValue>>;
type Mappings = ReadonlyMap<string, ParamMapping>;

const mostCharacters = 1_024;

/** The values of all parameters, with those that nobody gave; or what is wrong with them. */
export function checkParams(
  mappings: Mappings,
  params: Params,
): ReadonlyMap<string, CommandValue> | Problem {
  for (const name of Object.keys(params))
    if (!mappings.has(name)) return { problem: `it has no parameter ${name}${hintOf(mappings)}` };
  const values = new Map<string, CommandValue>();
  for (const [name, mapping] of mappings) {
    const value = Object.hasOwn(params, name) ? params[name] : mapping.default;
    if (value === undefined) return { problem: `its parameter ${name} is missing` };
    const problem = problemOf(mapping, value);
    if (problem !== undefined) return { problem: `its parameter ${name} ${problem}` };
    values.set(name, value);
  }
  return values;
}

/** What a person wrote as the value of a parameter: `-18.5`, `true`, `eco`. */
export function paramFromText(mapping: ParamMapping, text: string): CommandValue | Problem {
  const value = typed(mapping, text);
  const problem = problemOf(mapping, value);
  return problem === undefined ? value : { problem };
}

function typed({ type }: ParamMapping, text: string): CommandValue {
  if (type === "number" && /^\s*[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?\s*$/i.test(text))
    return Number(text);
  if (type === "boolean" && (text === "true" || text === "false")) return text === "true";
  return text;
}

function problemOf(mapping: ParamMapping, value: CommandValue): string | undefined {
  const said = typeof value === "string" ? `"${value.slice(0, 64)}"` : String(value);
  if (typeof value !== (mapping.type === "text" ? "string" : mapping.type))
    return `is ${said}, not a ${mapping.type}`;
  if (mapping.type === "text" && typeof value === "string") {
    const { values } = mapping;
    if (values && !values.includes(value)) return `is ${said}, not one of ${values.join(", ")}`;
    if (value.length > mostCharacters) return `has more than ${mostCharacters} characters`;
    if (/[\0\p{Cs}]/u.test(value)) return "has a character that no text can carry";
  }
  if (mapping.type !== "number" || typeof value !== "number") return undefined;
  const { range, step, unit } = mapping;
  const inUnit = unit === undefined ? "" : ` ${unit}`;
  if (!Number.isFinite(value)) return `is ${said}, not a number`;
  if (range && (value < range[0] || value > range[1]))
    return `is ${said}${inUnit}, not within ${range[0]} to ${range[1]}${inUnit}`;
  const steps = step === undefined ? 0 : (value - (range?.[0] ?? 0)) / step;
  return Math.abs(steps - Math.round(steps)) > 1e-6
    ? `is ${said}${inUnit}, not a step of ${step}${inUnit}`
    : undefined;
}

function hintOf(mappings: Mappings): string {
  return mappings.size === 0 ? "; it takes none" : `; there are ${[...mappings.keys()].join(", ")}`;
}
