/** The door of plan files: what people wrote becomes plans, or a list of everything wrong in it. */
import * as z from "zod";
import type { Checked } from "../core/fault.ts";
import { suggest } from "../core/suggest.ts";
import { durationWithin } from "../schema/bounded.ts";
import { checkSchema } from "../schema/schema-faults.ts";
import { valueAt } from "../schema/schema-issue.ts";
import { type CommandOrder, mostParams, mostSteps, type Plan, type PlanStep } from "./plan.ts";
import { describeParam, fitsParam } from "./plan-param.ts";
import { namesIn } from "./plan-words.ts";

const dayMs = 86_400_000;

const value = z.union([z.number(), z.boolean(), z.string().max(1_024)]);
const values = z
  .record(
    z.string().regex(/^[a-z][a-z0-9_]{0,63}$/, "is no name of a parameter; use a-z, 0-9 and _"),
    value,
  )
  .refine((record) => Object.keys(record).length <= mostParams, {
    message: `a command has at most ${mostParams} parameters`,
  });
const deviceName = z.string().min(1).max(128);
const commandName = z
  .string()
  .regex(/^[a-z][a-z0-9_]*$/, "is not a name of a command; use a-z, 0-9 and _")
  .max(64);
const expires = z
  .string()
  .transform(durationWithin(1_000, 7 * dayMs))
  .describe("How long it may still be sent, from when it is issued (1s to 7d; default 5m).");

const compensateText = z
  .strictObject({
    command: commandName.describe("As the profile of the device names it."),
    device: deviceName.optional().describe("Default: that of the step."),
    gateway: deviceName.optional().describe("Default: that of the step."),
    params: values.default({}),
    expires: expires.optional(),
  })
  .describe("The command that takes this one back. The device must take it twice without harm.");

const stepText = z
  .strictObject({
    command: commandName.optional().describe("As the profile of the device names it."),
    device: deviceName.optional().describe("Whom it is for."),
    gateway: deviceName
      .optional()
      .describe("The gateway of the device; default: gateway.id of the configuration."),
    params: values.optional(),
    expires: expires.optional(),
    compensate: compensateText.optional(),
    on_unknown: z
      .enum(["compensate", "stuck"])
      .optional()
      .describe(
        "When nobody can tell whether it had an effect: take it back as if it had (default), or call a person at once.",
      ),
    wait: z
      .string()
      .transform(durationWithin(100, 7 * dayMs))
      .optional()
      .describe("Nothing is done for so long (100ms to 7d); instead of a command."),
  })
  .superRefine(checkStep);
type StepText = z.output<typeof stepText>;

const paramText = z
  .strictObject({
    type: z.enum(["number", "boolean", "text"]),
    range: z.tuple([z.number(), z.number()]).optional(),
    values: z.array(z.string().min(1)).min(1).optional(),
    default: value.optional(),
  })
  .superRefine((param, context) => {
    if (param.range && param.type !== "number")
      refuse(context, ["range"], "only a number has a range; leave it out");
    if (param.values && param.type !== "text")
      refuse(context, ["values"], "only a text has values; leave them out");
    if (param.range && param.range[0] > param.range[1])
      refuse(context, ["range"], "the least comes first");
    else if (param.default !== undefined && !fitsParam(param.default, param))
      refuse(context, ["default"], `does not fit: it is ${describeParam(param)}`);
  });

const planText = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z][a-z0-9_-]*$/, "is not a name of a plan; use a-z, 0-9, _ and -")
    .max(48),
  about: z.string().max(200).optional(),
  params: z
    .record(z.string().regex(/^[a-z][a-z0-9_]*$/, "is no name; use a-z, 0-9 and _"), paramText)
    .default({}),
  within: z
    .string()
    .transform(durationWithin(1_000, 7 * dayMs))
    .prefault("1h")
    .describe(
      "From the request on. What has not begun by then does not begin, and what was done is taken back (1s to 7d).",
    ),
  give_up: z
    .string()
    .transform(durationWithin(1_000, 7 * dayMs))
    .prefault("1h")
    .describe("How long taking one step back is tried before a person is called (1s to 7d)."),
  steps: z.array(stepText).min(1).max(mostSteps),
});

/** The form of a plan file. */
export const planFileSchema = z
  .strictObject({ version: z.literal(1), plans: z.array(planText.superRefine(checkPlan)).max(200) })
  .transform(({ plans }) => plans.map(toPlan));

/** Checks the value of one plan file (YAML already read) as a whole. Never throws. */
export function parsePlans(written: unknown): Checked<readonly Plan[]> {
  return checkSchema(planFileSchema, "plan", written);
}

function checkStep(step: StepText, context: z.RefinementCtx): void {
  const isWait = step.wait !== undefined;
  if (isWait === (step.command !== undefined)) {
    refuse(context, [], "a step is a command or a wait; write one of the two");
    return;
  }
  if (!isWait && step.device === undefined)
    refuse(context, ["device"], 'missing field "device"; name whom the command is for');
  if (!isWait) return;
  for (const field of [
    "device",
    "gateway",
    "params",
    "expires",
    "compensate",
    "on_unknown",
  ] as const)
    if (step[field] !== undefined) refuse(context, [field], `a wait has no ${field}; leave it out`);
}

/** What must hold between the fields of one plan. */
function checkPlan(plan: z.output<typeof planText>, context: z.RefinementCtx): void {
  const known = Object.keys(plan.params);
  const look = (text: unknown, path: (string | number)[]): void => {
    for (const name of typeof text === "string" ? namesIn(text) : []) {
      if (known.includes(name)) continue;
      const meant = suggest(name, known);
      const hint = meant ? `did you mean {${meant}}?` : `add ${name} to params`;
      refuse(context, path, `"{${name}}" is no parameter of this plan; ${hint}`);
    }
  };
  let waitsMs = 0;
  for (const [at, step] of plan.steps.entries()) {
    waitsMs += step.wait ?? 0;
    for (const [where, order] of [
      [[], step],
      [["compensate"], step.compensate ?? {}],
    ] as const)
      for (const [path, text] of textsOf(order)) look(text, ["steps", at, ...where, ...path]);
  }
  if (waitsMs >= plan.within)
    refuse(context, ["within"], "the waits alone take so long; allow more, such as within: 1d");
}

function* textsOf(order: object): Generator<[(string | number)[], unknown]> {
  for (const field of ["device", "gateway"]) yield [[field], valueAt(order, [field])];
  const params = valueAt(order, ["params"]);
  for (const [name, text] of Object.entries(params ?? {})) yield [["params", name], text];
}

function refuse(context: z.RefinementCtx, path: (string | number)[], message: string): void {
  context.addIssue({ code: "custom", path, message });
}

const defaultExpiresMs = 300_000;

function toPlan({ give_up, within, ...plan }: z.output<typeof planText>): Plan {
  const params = Object.fromEntries(
    Object.entries(plan.params).map(([name, { range, values: allowed, type, ...rest }]) => [
      name,
      {
        type,
        ...(range && { range }),
        ...(allowed && { values: allowed }),
        ...(rest.default !== undefined && { default: rest.default }),
      },
    ]),
  );
  return { ...plan, params, withinMs: within, giveUpMs: give_up, steps: plan.steps.map(toStep) };
}

function toStep(step: StepText): PlanStep {
  if (step.wait !== undefined) return { kind: "wait", forMs: step.wait };
  const { command = "", compensate, device = "", gateway } = step;
  const order: CommandOrder = {
    gateway,
    device,
    command,
    params: step.params ?? {},
    expiresMs: step.expires ?? defaultExpiresMs,
  };
  return {
    kind: "command",
    order,
    onUnknown: step.on_unknown ?? "compensate",
    compensate: compensate && {
      gateway: compensate.gateway ?? gateway,
      device: compensate.device ?? device,
      command: compensate.command,
      params: compensate.params,
      expiresMs: compensate.expires ?? defaultExpiresMs,
    },
  };
}
