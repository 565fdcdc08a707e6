/** The desk of plans: runs are asked for, looked at, and changed by people. */
import { isDeepStrictEqual } from "node:util";
import type { Principal } from "../../../api/principal.ts";
import { notFound, RequestProblem } from "../../../api/problem.ts";
import type { PlanDesk, PlanWish } from "../../../api/routes/plan-routes.ts";
import type { PlanList, PlanOutline, RunMade } from "../../../api/shapes/command.ts";
import type { LoadedSite } from "../../../config/site/load-site.ts";
import { GatewayError } from "../../../core/errors.ts";
import { toSiteId } from "../../../core/ids.ts";
import { plansStream } from "../../../core/subject.ts";
import { cancelRun, settleRun } from "../../../plans/advance.ts";
import { type BoundPlan, bindPlan } from "../../../plans/bind-plan.ts";
import type { Plan, PlanParam } from "../../../plans/plan.ts";
import type { PersonsWord, PlanRun } from "../../../plans/plan-run.ts";
import { newRunName, requestRun } from "../../../plans/request-run.ts";
import { tooLate } from "../../../plans/too-late.ts";
import type { Backbone } from "../../../stream/backbone.ts";
import { ensureStream } from "../../../stream/ensure-stream.ts";
import { readStreamFacts, type StreamFacts } from "../../../stream/message-get.ts";
import type { BackboneOptions } from "../../../stream/options.ts";
import { plansStreamContract } from "../../../stream/stream-contract.ts";
import { type PlanBook, planBookOver } from "../../plan-book.ts";
import { checkOrders, mayNeedConfirming } from "../../plan-orders.ts";
import { overBackbone } from "../over-backbone.ts";
import { outlineOf, planRow } from "./plan-row.ts";

export interface PlanParts {
  readonly backbone: Backbone;
  readonly backboneOptions: BackboneOptions;
  readonly site: () => LoadedSite;
  readonly nowMs: () => number;
}

type Param = PlanList["plans"][number]["params"][number];

/** Runs that are shown, the newest. */
const mostRuns = 200;

export function planDesk(parts: PlanParts): PlanDesk & { runs(): Promise<readonly PlanRun[]> } {
  const { nowMs, site } = parts;
  const book = <T>(work: (book: Pick<PlanBook, "change" | "devices" | "request">) => Promise<T>) =>
    overBackbone(parts.backbone, async (connection) => {
      await ensureStream(connection, plansStreamContract(parts.backboneOptions));
      return work(planBookOver(async () => connection)).catch(asProblem);
    });
  /** As they were read last, and what the stream was then: they are asked for each second. */
  let last: { readonly facts: StreamFacts; readonly runs: readonly PlanRun[] } | undefined;
  const runs = () =>
    overBackbone(parts.backbone, async (connection) => {
      const facts = await readStreamFacts(connection, plansStream);
      if (!facts) return [];
      if (last && isDeepStrictEqual(last.facts, facts)) return last.runs;
      const all = await planBookOver(async () => connection).list();
      last = { facts, runs: all.runs.slice(-mostRuns).reverse() };
      return last.runs;
    });
  return {
    runs,
    async list() {
      const now = site();
      const plans = Array.from(now.plans.values(), (plan) => shownPlan(plan, now));
      const all = await runs();
      return { plans, runs: all.map((run) => planRow(run, all)) };
    },
    async outline(wish) {
      const ready = readyPlan(wish, site());
      if ("refused" in ready) return { steps: [], refused: ready.refused };
      return { steps: outlineOf(ready.bound.steps), refused: null } satisfies PlanOutline;
    },
    async run(wish, by) {
      const ready = readyPlan(wish, site());
      if ("refused" in ready) throw refusedProblem(ready.refused);
      demandMeant(ready, wish);
      const requested = wordOf(by, wish.reason, nowMs());
      const name = newRunName(ready.plan, requested.atMs);
      const place = { run: name, site: toSiteId(site().config.site) };
      const run = requestRun(ready.plan, ready.bound, place, requested);
      await book(async (one) => {
        const { known } = await one.devices(run).catch(asRefusal);
        demandMeant({ ...ready, dangerous: checkOrders(run.steps, site(), known) }, wish);
        await one.request(run);
      });
      return madeOf(run);
    },
    async change(name, verb, by, reason) {
      const word = wordOf(by, reason, nowMs());
      let isChanged = false;
      const run = await book((one) =>
        one.change(name, (before) => {
          const next = verb === "cancel" ? cancelRun(before, word) : settleRun(before, word);
          isChanged = next !== before;
          return next;
        }),
      );
      if (!isChanged) throw refusedProblem(`${name} is ${run.state}; ${tooLate(verb, run)}`);
      return madeOf(run);
    },
  };
}

function wordOf({ name }: Principal, reason: string | undefined, atMs: number): PersonsWord {
  return { by: name, atMs, ...(reason && { reason }) };
}

/** Each change of a run is a message of its stream. */
function madeOf({ change, changedMs, run }: PlanRun): RunMade {
  return { run, event: `${run}.${change}`, atMs: changedMs };
}

type Ready = {
  readonly plan: Plan;
  readonly bound: BoundPlan;
  /** Commands that are, in words. */
  readonly dangerous: readonly string[];
};

function readyPlan(
  { params, plan: name }: PlanWish,
  site: LoadedSite,
): Ready | { readonly refused: string } {
  const plan = site.plans.get(name);
  if (plan === undefined) throw notFound(`plan ${name}`);
  const given = Object.entries(params).map(([key, value]) => [key, String(value)]);
  const bound = bindPlan(plan, Object.fromEntries(given), site.config.gateway.id);
  if ("problems" in bound) return { refused: bound.problems.join("; ") };
  try {
    return { plan, bound, dangerous: checkOrders(bound.steps, site) };
  } catch (thrown) {
    if (thrown instanceof GatewayError && thrown.code === "usage")
      return { refused: thrown.message };
    throw thrown;
  }
}

function demandMeant({ dangerous, plan }: Ready, { confirm }: PlanWish): void {
  if (dangerous.length === 0 || confirm === plan.name) return;
  throw new RequestProblem({
    status: 409,
    code: "command.unconfirmed",
    title: `plan ${plan.name} does what is dangerous: ${dangerous.join(", ")}`,
    advice: "write the name of the plan",
    fields: [{ path: "body.confirm", message: `it has to be ${plan.name}` }],
  });
}

function shownPlan(plan: Plan, site: LoadedSite): PlanList["plans"][number] {
  return {
    name: plan.name,
    summary: plan.about ?? null,
    dangerous: mayNeedConfirming(plan, site),
    params: Object.entries(plan.params).map(([name, param]) => shownParam(name, param)),
  };
}

function shownParam(name: string, param: PlanParam): Param {
  const { default: fallback, range, type, values } = param;
  return {
    ...{ name, about: null, unit: null, step: null },
    kind: type === "text" && values ? "choice" : type,
    min: range?.[0] ?? null,
    max: range?.[1] ?? null,
    choices: [...(values ?? [])],
    fallback: fallback ?? null,
  };
}

/** What is wrong with a question is answered; all else is a failure. */
function asProblem(thrown: unknown): never {
  if (thrown instanceof GatewayError && thrown.code === "usage")
    throw refusedProblem(thrown.message);
  throw thrown;
}

/** A plan for a gateway that nobody has is wrong, whatever else is there. */
function asRefusal(thrown: unknown): never {
  if (thrown instanceof GatewayError && thrown.code === "not-found")
    throw refusedProblem(thrown.message);
  throw thrown;
}

function refusedProblem(title: string): RequestProblem {
  return new RequestProblem({ status: 409, code: "plan.refused", title });
}
