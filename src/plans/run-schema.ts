/** The door of the stream of plans: what stands in a message becomes a run, or nothing. */
import * as z from "zod";
import { commandStates } from "../core/command.ts";
import { isId, toSiteId } from "../core/ids.ts";
import { mostSteps } from "./plan.ts";
import { type PlanRun, runStates } from "./plan-run.ts";

/** Year 9000, and ten years: sums of the two can still be written as times. */
const lastMs = 221_845_392_000_000;
const longestMs = 315_360_000_000;

const time = z.number().min(0).max(lastMs);
const duration = z.number().min(0).max(longestMs);
const value = z.union([z.number(), z.boolean(), z.string()]);
const values = z.record(z.string(), value);
const id = z.string().refine(isId);

const person = z.object({ by: z.string(), reason: z.string().exactOptional(), atMs: time });

const order = z.object({
  gateway: id,
  device: id,
  command: z.string().min(1),
  params: values,
  expiresMs: duration,
});

const attempt = z.object({
  id: z.string().regex(/^[A-Za-z0-9._-]{1,128}$/),
  issuedMs: time,
  expiresMs: time,
  state: z.enum(["issued", ...commandStates]),
  heard: z.number(),
  final: z.boolean(),
  givenUp: z.literal(true).exactOptional(),
  left: z.literal(true).exactOptional(),
  atMs: time,
  text: z.string().exactOptional(),
});

const step = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("command"),
    order,
    compensate: order.exactOptional(),
    onUnknown: z.enum(["compensate", "stuck"]),
    attempt: attempt.exactOptional(),
    undo: attempt.exactOptional(),
    undoTries: z.number().int().min(0).exactOptional(),
    undoSinceMs: time.exactOptional(),
  }),
  z.object({
    kind: z.literal("wait"),
    forMs: duration,
    untilMs: time.exactOptional(),
    over: z.literal(true).exactOptional(),
  }),
]);

const planRun = z.object({
  run: z.string().regex(/^[A-Za-z0-9_-]{1,80}$/),
  site: id.transform(toSiteId),
  plan: z.string(),
  about: z.string().exactOptional(),
  params: values,
  requested: person,
  endsMs: time,
  giveUpMs: duration,
  change: z.number().int().min(1),
  state: z.enum(runStates),
  changedMs: time,
  why: z.string().exactOptional(),
  failedStep: z.number().exactOptional(),
  stuckMs: time.exactOptional(),
  cancel: person.exactOptional(),
  settled: person.exactOptional(),
  steps: z.array(step).min(1).max(mostSteps),
});

/** The run in a value; undefined when it is none. */
export function parseRun(written: unknown): PlanRun | undefined {
  return planRun.safeParse(written).data;
}
