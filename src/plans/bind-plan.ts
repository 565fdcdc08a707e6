/** A plan with the values of one run in their places. */
import type { CommandValue } from "../core/command.ts";
import { isId } from "../core/ids.ts";
import { suggest } from "../core/suggest.ts";
import type { CommandOrder, Plan, PlanParam } from "./plan.ts";
import { describeParam, fitsParam } from "./plan-param.ts";
import type { BoundOrder, BoundStep } from "./plan-run.ts";
import { fillText, fillValue } from "./plan-words.ts";

export interface BoundPlan {
  readonly params: Readonly<Record<string, CommandValue>>;
  readonly steps: readonly BoundStep[];
}

/**
 * Fills in what was given, as people type it; or says everything that is wrong with that. `gateway` is
 * that of steps that name none.
 */
export function bindPlan(
  plan: Plan,
  given: Readonly<Record<string, string>>,
  gateway: string,
): BoundPlan | { readonly problems: readonly string[] } {
  const problems: string[] = [];
  const known = Object.keys(plan.params);
  for (const name of Object.keys(given)) {
    if (known.includes(name)) continue;
    const meant = suggest(name, known);
    const hint = meant ? `did you mean ${meant}?` : `it has ${known.join(", ") || "none"}`;
    problems.push(`plan ${plan.name} has no parameter ${name}; ${hint}`);
  }
  const params: Record<string, CommandValue> = {};
  for (const [name, param] of Object.entries(plan.params)) {
    const text = Object.hasOwn(given, name) ? given[name] : undefined;
    const value = text === undefined ? param.default : readValue(text, param);
    if (value !== undefined) params[name] = value;
    else if (text === undefined) problems.push(`parameter ${name} is missing; give ${name}=…`);
    else problems.push(`${name}=${text} does not fit: it is ${describeParam(param)}`);
  }
  if (problems.length > 0) return { problems };

  const bind = (order: CommandOrder): BoundOrder => {
    const bound = {
      gateway: fillText(order.gateway ?? gateway, params),
      device: fillText(order.device, params),
      command: order.command,
      params: Object.fromEntries(
        Object.entries(order.params).map(([name, value]) => [name, fillValue(value, params)]),
      ),
      expiresMs: order.expiresMs,
    };
    for (const name of [bound.gateway, bound.device])
      if (!isId(name)) problems.push(`"${name}" is no name of a device or gateway`);
    return bound;
  };
  const steps = plan.steps.map((step): BoundStep => {
    if (step.kind === "wait") return step;
    const { compensate, onUnknown, order } = step;
    const undo = compensate && bind(compensate);
    return { kind: "command", order: bind(order), onUnknown, ...(undo && { compensate: undo }) };
  });
  return problems.length > 0 ? { problems } : { params, steps };
}

/** What people typed, as the value that it is; undefined where it does not fit. */
function readValue(text: string, param: PlanParam): CommandValue | undefined {
  const value = typed(text, param.type);
  return value !== undefined && fitsParam(value, param) ? value : undefined;
}

function typed(text: string, type: PlanParam["type"]): CommandValue | undefined {
  if (type === "boolean") return text === "true" ? true : text === "false" ? false : undefined;
  if (type === "text") return text;
  return text.trim() === "" ? undefined : Number(text);
}
