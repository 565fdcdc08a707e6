/**
 * Expressions of rules, in CEL: conditions over the metrics of one device, and over what its record
 * says.
 *
 * `m.temperature` is the value of a metric while it counts, `value` that of the rule's own one,
 * `age("door")` the seconds since its last sample, whether that counts or not. What is not there
 * makes the whole unknown, unless it does not matter: `a || b` is true where one of them is.
 */
import { CelDialect, type CelProgram } from "../cel/dialect.ts";
import type { ExpressionProblem } from "../cel/failure.ts";
import { CelFailure, NotThere } from "../cel/failure.ts";
import { type ExpressionReads, readsOf } from "./expression-reads.ts";
import type { RuleDevice } from "./rule-device.ts";

/** What an expression is about at one moment. */
export interface Readings {
  /** Values that count, by metric. */
  readonly m: Readonly<Record<string, number | boolean | string>>;
  readonly labels: Readonly<Record<string, string>>;
  readonly device: DeviceFields;
  /** Undefined where a metric never came. */
  ageSeconds(metric: string): number | undefined;
}

/** A device as expressions see it. */
export interface DeviceFields {
  readonly attrs: RuleDevice["attrs"];
  readonly tags: RuleDevice["tags"];
  readonly id: string;
  readonly name: string;
  readonly profile: string;
  readonly site: string;
  readonly gateway: string;
}

const deviceVariable = { device: "map<string, dyn>" };
const truth = [["bool", "dyn"], "true or false"] as const;

/** What `age` is asked about while an expression runs. */
let asked: Readings | undefined;

const dialect = new CelDialect({
  variables: {
    ...deviceVariable,
    m: "map<string, dyn>",
    value: "dyn",
    labels: "map<string, string>",
  },
  functions: { "age(string): double": ageOf },
});

function ageOf(metric: string): number {
  const seconds = asked?.ageSeconds(metric);
  if (seconds === undefined) throw new NotThere(`No sample of ${metric}`);
  return seconds;
}

/** A checked condition. */
export class RuleExpression {
  readonly text: string;
  readonly reads: ExpressionReads;
  readonly #program: CelProgram;
  readonly #metric: string | undefined;

  private constructor(
    text: string,
    reads: ExpressionReads,
    program: CelProgram,
    metric: string | undefined,
  ) {
    this.text = text;
    this.reads = reads;
    this.#program = program;
    this.#metric = metric;
  }

  /** `metric` is the rule's own, which `value` stands for. */
  static compile(text: string, metric: string | undefined): RuleExpression | ExpressionProblem {
    const program = dialect.compile(text, ...truth);
    if ("problem" in program) return program;
    const reads = readsOf(program.ast);
    if ("problem" in reads) return reads;
    if (reads.usesValue && metric === undefined)
      return {
        problem: "value is that of select.metric; name it there, or write m.door",
        column: 1,
      };
    const metrics = new Set(reads.metrics);
    if (reads.usesValue && metric !== undefined) metrics.add(metric);
    return new RuleExpression(text, { ...reads, metrics }, program, metric);
  }

  /** True or false, or why neither. */
  judge(readings: Readings): boolean | CelFailure {
    const { m, labels, device } = readings;
    const value = this.#metric === undefined ? undefined : m[this.#metric];
    asked = readings;
    const found = this.#program.run(
      value === undefined ? { m, labels, device } : { m, labels, device, value },
    );
    asked = undefined;
    if (typeof found === "boolean" || found instanceof CelFailure) return found;
    return new CelFailure(false, "it gives neither true nor false", 1);
  }
}

const whereDialect = new CelDialect({ variables: deviceVariable });

/** A checked `where`: over what does not change from one sample to the next. */
export interface WhereExpression {
  readonly text: string;
  /** False, too, where it asks for what the device does not have. */
  holdsFor(device: DeviceFields): boolean;
}

export function compileWhere(text: string): WhereExpression | ExpressionProblem {
  const program = whereDialect.compile(text, ...truth);
  if ("problem" in program) return program;
  const reads = readsOf(program.ast);
  if ("problem" in reads) return reads;
  return { text, holdsFor: (device) => program.run({ device }) === true };
}

/** A device in the words of expressions. */
export function fieldsOf(device: RuleDevice): DeviceFields {
  const { attrs, tags, profile, site, gateway } = device;
  const id = device.device;
  return {
    attrs,
    tags,
    id,
    name: String(tags["name"] ?? attrs["name"] ?? id),
    profile,
    site,
    gateway,
  };
}

/** Whether a value fits `matching`: an expression over `value` alone. */
export type Matching = (value: number | boolean | string) => boolean;

const matchingDialect = new CelDialect({ variables: { value: "dyn" } });

/** For counts of what matches; a value that does not fit the expression does not match. */
export function compileMatching(text: string): Matching | ExpressionProblem {
  const program = matchingDialect.compile(text, ...truth);
  if ("problem" in program) return program;
  return (value) => program.run({ value }) === true;
}
