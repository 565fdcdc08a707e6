/** The form of what commands print that tell devices to do something. */
import * as z from "zod";
import { commandWord } from "../api/shapes/command.ts";
import { count, ms, value } from "./form-parts.ts";

const step = z.object({
  command: z.string(),
  name: z.string(),
  state: commandWord,
  final: z.boolean(),
  timeMs: ms,
  /** The first is 1. */
  step: count.optional(),
  run: z.string().optional(),
  /** Until when it may still be sent. */
  validUntil: z.string().optional(),
  attempt: count.optional(),
  answer: z.string().optional(),
  text: z.string().optional(),
});

/** What is wanted of a device. */
const order = z.object({
  site: z.string(),
  gateway: z.string(),
  device: z.string(),
  name: z.string(),
  params: z.record(z.string(), value),
});

const past = z.object({
  id: z.string(),
  site: z.string(),
  device: z.string(),
  gateway: z.string(),
  name: z.string(),
  params: z.record(z.string(), value),
  by: z.string(),
  issuedMs: ms,
  expiresMs: ms,
  state: commandWord,
  final: z.boolean(),
  steps: z.array(step),
  cancels: z.array(z.looseObject({})),
  reason: z.string().optional(),
  run: z.string().optional(),
  step: count.optional(),
});

const said = z.object({ by: z.string(), atMs: ms, reason: z.string().optional() });

const run = z.object({
  run: z.string(),
  site: z.string(),
  plan: z.string(),
  params: z.record(z.string(), value),
  about: z.string().optional(),
  requested: said,
  state: z.string(),
  change: count,
  changedMs: ms,
  endsMs: ms,
  giveUpMs: ms,
  /** Why it is taken back, or stuck, or never began; and where: steps count from 1. */
  why: z.string().optional(),
  failedStep: count.optional(),
  stuckMs: ms.optional(),
  cancel: said.optional(),
  settled: said.optional(),
  steps: z.array(z.looseObject({ kind: z.string() })),
});

export const commandsForms = {
  "commands/1": z.object({ commands: z.array(past) }),
  "command/1": past,
  /** `send --dry-run`: what would leave, as far as it is known here. */
  "command-plan/1": z.object({
    command: order,
    write: z.unknown().optional(),
    sends: z.unknown().optional(),
  }),
  "command-sent/1": z.object({ command: order.extend({ id: z.string() }) }),
  /** A line of `send --wait` and `commands cancel --wait`. */
  "command-step/1": step,
  "plan-runs/1": z.object({ runs: z.array(run) }),
  "plan-run/1": run,
  /** `plan run --dry-run`. */
  "plan-steps/1": z.object({ steps: z.array(z.string()), dangerous: z.array(z.string()) }),
};
