/** Values of parameters, held against what a plan says of them. */
import type { CommandValue } from "../core/command.ts";
import type { PlanParam } from "./plan.ts";

/** The longest text that a parameter may be. */
export const mostParamChars = 1_024;

type Demand = Pick<PlanParam, "type"> & {
  readonly range?: readonly [number, number] | undefined;
  readonly values?: readonly string[] | undefined;
};

export function fitsParam(value: CommandValue, { range, type, values }: Demand): boolean {
  if (type === "boolean") return typeof value === "boolean";
  if (type === "text")
    return (
      typeof value === "string" &&
      value.length <= mostParamChars &&
      (values === undefined || values.includes(value))
    );
  if (typeof value !== "number" || !Number.isFinite(value)) return false;
  return range === undefined || (value >= range[0] && value <= range[1]);
}

/** For people: `one of north, south`. */
export function describeParam({ range, type, values }: Demand): string {
  if (values) return `one of ${values.join(", ")}`;
  if (range) return `a number from ${range[0]} to ${range[1]}`;
  if (type === "boolean") return "true or false";
  return type === "text" ? `a text of at most ${mostParamChars} characters` : "a number";
}
