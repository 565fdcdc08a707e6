/** Plans of several commands: which there are, their runs, and what people do about those. */
import * as z from "zod";
import type { Principal } from "../principal.ts";
import { notSignedIn, RequestProblem } from "../problem.ts";
import { nothing, type Route, route } from "../route.ts";
import {
  type PlanList,
  type PlanOutline,
  planList,
  planOutline,
  type RunMade,
  runMade,
} from "../shapes/command.ts";

/** Which plan, with what in the place of its parameters. */
export interface PlanWish {
  readonly plan: string;
  readonly params: Readonly<Record<string, number | boolean | string>>;
  readonly reason?: string | undefined;
  /** Of a plan with a dangerous command: its name, once more. */
  readonly confirm?: string | undefined;
}

/** What somebody makes of a run. */
export type RunVerb = "cancel" | "settle";

export interface PlanDesk {
  list(): Promise<PlanList>;
  outline(wish: PlanWish): Promise<PlanOutline>;
  run(wish: PlanWish, by: Principal): Promise<RunMade>;
  change(run: string, verb: RunVerb, by: Principal, reason: string | undefined): Promise<RunMade>;
}

const said = z.string().trim().max(512); // as `mostReasonChars` of plans
const value = z.union([z.number(), z.boolean(), z.string().max(1_024)]);
const wish = z.strictObject({
  plan: z.string().min(1).max(200),
  params: z.record(z.string().max(64), value).default({}),
  reason: said.optional(),
  confirm: z.string().max(200).optional(),
});
const oneRun = z.strictObject({ run: z.string().max(400) });
const maybeReason = z.strictObject({ reason: said.optional() });
const withReason = z.strictObject({ reason: said.min(1, "say what was done") });

export function planRoutes(desk: PlanDesk): readonly Route[] {
  return [
    route({
      ...{ method: "get", path: "/plans", needs: "viewer" },
      summary: "Plans that can be run, and runs with their steps, the newest first.",
      ...{ params: nothing, query: nothing, body: nothing, answer: planList },
      serve: () => desk.list(),
    }),
    route({
      ...{ method: "post", path: "/plans/outline", needs: "operator" },
      summary: "What a run would do, or why it would be refused; nothing is done.",
      ...{ params: nothing, query: nothing, body: wish, answer: planOutline },
      serve: ({ body }) => desk.outline(body),
    }),
    route({
      ...{ method: "post", path: "/plans", needs: "operator" },
      summary: "Asks for a run; of a plan with a dangerous command only with its name.",
      ...{ params: nothing, query: nothing, body: wish, answer: runMade },
      serve: ({ body, principal }) => desk.run(body, known(principal)),
    }),
    route({
      ...{ method: "post", path: "/plans/{run}/cancel", needs: "operator" },
      summary: "Turns a run back: what was done is taken back, the last first.",
      ...{ params: oneRun, query: nothing, body: maybeReason, answer: runMade },
      serve: ({ body, params, principal }) =>
        desk.change(params.run, "cancel", known(principal), body.reason),
    }),
    route({
      ...{ method: "post", path: "/plans/{run}/settle", needs: "operator" },
      summary: "Notes that a person saw to a run that is stuck.",
      ...{ params: oneRun, query: nothing, body: withReason, answer: runMade },
      serve: ({ body, params, principal }) =>
        desk.change(params.run, "settle", known(principal), body.reason),
    }),
  ];
}

function known(principal: Principal | undefined): Principal {
  if (principal === undefined) throw new RequestProblem(notSignedIn);
  return principal;
}
