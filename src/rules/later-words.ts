/**
 * Words of the rule language that this version does not speak. They are refused by name, so that
 * nobody takes a rule for running that does nothing.
 */
import type { Fault } from "../core/fault.ts";

const laterFields = ["max_instances"];

/** Turns a fault about an unknown field into one that says the word is not supported yet. */
export function refuseLaterWord(fault: Fault): Fault {
  const word = fault.path.at(-1);
  if (fault.code !== "rule.unknown-field" || typeof word !== "string") return fault;
  const place = fault.path.at(-2);
  if (typeof place !== "number" || !laterFields.includes(word)) return fault;
  return {
    code: "rule.not-supported",
    path: fault.path,
    atKey: true,
    message: `"${word}" is not supported yet`,
    hint: "leave it out",
  };
}
