/** How limits are written in a rule, and what must hold among them. */
import * as z from "zod";
import type { Bound, Level, Limit } from "../rule.ts";
import { type Refusal, type RuleAround, severities } from "./condition-kind.ts";
import { durationText } from "./duration-text.ts";

const number = z.number();
const elsewhere = z.number({
  error: ({ input }) =>
    input === undefined
      ? 'missing field "default"; write the limit of devices that have no such attribute'
      : undefined,
});
const bound = z.union([
  number,
  z.strictObject({ attr: z.string().min(1), default: elsewhere }).describe("A device attribute."),
]);
const range = z.tuple([bound, bound]);
const literal = z.union([number, z.boolean(), z.string()]);

const oneLimit = {
  above: bound.optional(),
  below: bound.optional(),
  outside: range.optional(),
  inside: range.optional(),
  equals: literal.optional(),
  not_equals: literal.optional(),
  deadband: number.min(0).optional(),
};
const limitKinds = ["above", "below", "outside", "inside", "equals", "not_equals"] as const;

const limitText = z.strictObject(oneLimit);
type LimitText = z.output<typeof limitText>;

/** One entry of `levels`. */
const levelSchema = z
  .strictObject({ severity: z.enum(severities), for: durationText.optional(), ...oneLimit })
  .superRefine(checkLimit);
type LevelText = z.output<typeof levelSchema>;

/** The fields of a condition that compares: one limit, or levels. To be checked by `checkLimits`. */
export const limitFields = {
  ...oneLimit,
  levels: z.array(levelSchema).min(1).max(3).optional(),
};
const limitsText = z.strictObject(limitFields);
type LimitsText = z.output<typeof limitsText>;

/** What must hold among the limits of one condition. */
export function checkLimits(text: LimitsText, context: z.RefinementCtx): void {
  if (text.levels === undefined) {
    checkLimit(text, context);
    return;
  }
  const beside = [...limitKinds, "deadband" as const].find((key) => text[key] !== undefined);
  if (beside !== undefined)
    refuse(context, [beside], `${beside} stands beside levels; write it inside each level`);
  checkOrder(text.levels, context);
}

/** What the levels of a condition leave no room for beside it. */
export function* refuseFor({ levels }: LimitsText, rule: RuleAround): Iterable<Refusal> {
  if (levels?.every((level) => level.for !== undefined) && rule.for !== undefined)
    yield { path: ["for"], message: "every level has a for of its own; leave this one out" };
  if (levels?.some((level) => level.for !== undefined) && rule.for_samples !== undefined)
    yield { path: ["for_samples"], message: "a level has a for of its own; keep one of the two" };
}

/** The levels behind checked text; one where the rule names none. */
export function levelsOf(
  text: LimitsText,
  { for: forMs = 0, severity = "warning" }: RuleAround,
): readonly Level[] {
  return (text.levels ?? [{ ...text, severity }]).map((level) => levelOf(level, forMs));
}

/** The limit behind checked text. */
function limitOf(text: LimitText): Limit {
  if (text.above !== undefined) return { kind: "above", bound: text.above };
  if (text.below !== undefined) return { kind: "below", bound: text.below };
  if (text.outside) return { kind: "outside", low: text.outside[0], high: text.outside[1] };
  if (text.inside) return { kind: "inside", low: text.inside[0], high: text.inside[1] };
  if (text.equals !== undefined) return { kind: "equals", value: text.equals };
  return { kind: "not_equals", value: text.not_equals ?? "" };
}

/** The level behind checked text; `forMs` is the rule's own, for a level that has none. */
function levelOf(text: LevelText, forMs: number): Level {
  return {
    severity: text.severity,
    forMs: text.for ?? forMs,
    limit: limitOf(text),
    deadband: text.deadband ?? 0,
  };
}

function checkLimit(text: LimitText, context: z.RefinementCtx): void {
  const [message, ...path] = wrongInLimit(text) ?? [];
  if (message !== undefined) refuse(context, path, message);
}

/** What is wrong with a limit, and the field it is wrong at. */
function wrongInLimit(text: LimitText): readonly [string, ...string[]] | undefined {
  const given = limitKinds.filter((kind) => text[kind] !== undefined);
  const [kind, second] = given;
  if (kind === undefined) return [`no limit is given; write one of ${limitKinds.join(", ")}`];
  if (second !== undefined) return [`${given.join(" and ")} exclude each other; keep one`, second];
  const deadband = text.deadband ?? 0;
  if ((kind === "equals" || kind === "not_equals") && deadband > 0)
    return [`${kind} has no deadband; leave it out`, "deadband"];
  const limits = text.outside ?? text.inside;
  if (!limits || !areNumbers(limits)) return undefined;
  const width = limits[1] - limits[0];
  if (width < 0) return ["the range is upside down; write the lower limit first", kind];
  if (kind === "outside" && 2 * deadband > width)
    return ["no value would ever be normal again; make it at most half the range", "deadband"];
  return undefined;
}

/** Levels are nested: each is one of the same kind, and more severe than the one before it. */
function checkOrder(levels: readonly LevelText[], context: z.RefinementCtx): void {
  levels.forEach((level, index) => {
    const milder = levels[index - 1];
    if (milder === undefined) return;
    if (severities.indexOf(level.severity) <= severities.indexOf(milder.severity))
      refuse(context, ["levels", index, "severity"], "levels go from mild to severe; reorder them");
    const [limit, before] = [limitOf(level), limitOf(milder)];
    if (limit.kind !== before.kind)
      refuse(context, ["levels", index], `levels are of one kind; this one is not ${before.kind}`);
    else if (!isStricter(limit, before) && !(isSame(limit, before) && lastsLonger(level, milder)))
      refuse(
        context,
        ["levels", index, limit.kind],
        "a more severe level needs a stricter limit; every value of it must meet the milder one too, or the same one for longer (for: 30m)",
      );
  });
}

/** Worse by lasting longer: without a `for`, the milder one has the rule's own, whatever that is. */
function lastsLonger(level: LevelText, milder: LevelText): boolean {
  return level.for !== undefined && level.for > (milder.for ?? 0);
}

function isSame(limit: Limit, milder: Limit): boolean {
  return JSON.stringify(limit) === JSON.stringify(milder);
}

/** False only where the numbers themselves show it; attributes are not known here. */
function isStricter(limit: Limit, milder: Limit): boolean {
  if ("bound" in limit && "bound" in milder) {
    if (typeof limit.bound !== "number" || typeof milder.bound !== "number") return true;
    return limit.kind === "above" ? limit.bound > milder.bound : limit.bound < milder.bound;
  }
  if ("low" in limit && "low" in milder) {
    const [inner, outer] = limit.kind === "inside" ? [limit, milder] : [milder, limit];
    if (!areNumbers([inner.low, inner.high]) || !areNumbers([outer.low, outer.high])) return true;
    return Number(inner.low) >= Number(outer.low) && Number(inner.high) <= Number(outer.high);
  }
  return true;
}

function areNumbers(limits: readonly [Bound, Bound]): limits is readonly [number, number] {
  return typeof limits[0] === "number" && typeof limits[1] === "number";
}

function refuse(context: z.RefinementCtx, path: (string | number)[], message: string): void {
  context.addIssue({ code: "custom", path, message });
}
