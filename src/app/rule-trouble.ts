import { compareFaults, type LocatedFault } from "../config/located-fault.ts";

/** What is wrong with the files, for people: the first fault, and how many there are. */
export interface RuleTrouble {
  /** File, line and column. */
  readonly where: string;
  readonly what: string;
  readonly faults: number;
}

/** Undefined where there is none but warnings. */
export function ruleTroubleOf(faults: readonly LocatedFault[]): RuleTrouble | undefined {
  const errors = faults.filter(({ severity }) => severity !== "warning").sort(compareFaults);
  const [first] = errors;
  if (!first) return undefined;
  const { file, hint, message, place } = first;
  return {
    where: place ? `${file}:${place.line}:${place.column}` : file,
    what: hint === undefined ? message : `${message}; ${hint}`,
    faults: errors.length,
  };
}
