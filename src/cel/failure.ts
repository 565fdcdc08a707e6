/** Why an expression gave nothing. */
export class CelFailure {
  /** Something that it names is not there; else what is there does not fit. */
  readonly isMissing: boolean;
  readonly problem: string;
  /** Where in the expression, from 1. */
  readonly column: number;

  constructor(isMissing: boolean, problem: string, column: number) {
    this.isMissing = isMissing;
    this.problem = problem;
    this.column = column;
  }
}

/** Thrown by a function of a dialect that is asked for what is not there. */
export class NotThere extends Error {}

/** What the package threw while an expression ran. */
export function failureOf(thrown: unknown): CelFailure {
  const { problem, column } = problemOf(thrown);
  return new CelFailure(
    thrown instanceof NotThere || fieldOf(thrown, "code") === "no_such_key",
    problem,
    column,
  );
}

/** Why a text is no expression; `column` counts its characters from 1. */
export interface ExpressionProblem {
  readonly problem: string;
  readonly column: number;
}

/** What the package found wrong with a text. */
export function problemOf(found: unknown): ExpressionProblem {
  const summary = fieldOf(found, "summary");
  const start = fieldOf(fieldOf(found, "range"), "start");
  return {
    problem: typeof summary === "string" ? summary : messageOf(found),
    column: typeof start === "number" ? start + 1 : 1,
  };
}

function messageOf(found: unknown): string {
  return found instanceof Error ? found.message : String(found);
}

function fieldOf(value: unknown, field: string): unknown {
  if (typeof value !== "object" || value === null) return undefined;
  return Reflect.get(value, field);
}
