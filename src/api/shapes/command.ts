/** Commands to devices and what became of them; plans of several. */
import * as z from "zod";
import { commandStates } from "../../core/command.ts";
import { commandParam } from "./device.ts";
import { count, epochMs, eventMade } from "./parts.ts";

const value = z.union([z.number(), z.boolean(), z.string()]);

/** `issued`: the gateway has not said anything of it yet. */
export const commandWord = z.enum(["issued", ...commandStates]);

export const commandStep = z.strictObject({
  state: commandWord,
  atMs: epochMs,
  attempt: count.nullable(),
  text: z.string().nullable(),
  answer: z.string().nullable(),
});

export const commandRow = z.strictObject({
  id: z.string(),
  deviceKey: z.string(),
  device: z.string(),
  gateway: z.string(),
  name: z.string(),
  params: z.record(z.string(), value),
  by: z.string(),
  reason: z.string().nullable(),
  run: z.string().nullable(),
  issuedMs: epochMs,
  expiresMs: epochMs,
  state: commandWord,
  isFinal: z.boolean(),
  /** Until when it may still be sent, of one that waits. */
  validUntilMs: epochMs.nullable(),
  steps: z.array(commandStep),
});
export type CommandRow = z.infer<typeof commandRow>;

export const commandList = z.strictObject({ commands: z.array(commandRow), more: z.boolean() });

/** What would leave, if it were sent now. */
export const dryRun = z.strictObject({
  /** What is sent, in words: a topic with its payload, registers, a frame. */
  sends: z.string().nullable(),
  /** Why it would be refused; null where it would not. */
  refused: z.string().nullable(),
});
export type DryRun = z.infer<typeof dryRun>;

/** A command that was issued. */
export const commandMade = eventMade.extend({ id: z.string() });
export type CommandMade = z.infer<typeof commandMade>;

export const planStep = z.strictObject({
  name: z.string(),
  /** What it does, in words. */
  what: z.string(),
  state: z.string(),
  text: z.string().nullable(),
  /** The command it became. */
  command: z.string().nullable(),
  /** It takes another step back. */
  isCompensation: z.boolean(),
});

export const planRunRow = z.strictObject({
  run: z.string(),
  plan: z.string(),
  site: z.string(),
  state: z.string(),
  isFinal: z.boolean(),
  by: z.string(),
  startedMs: epochMs,
  changedMs: epochMs,
  /** Why it is stuck, or was cancelled. */
  text: z.string().nullable(),
  steps: z.array(planStep),
});
export type PlanRunRow = z.infer<typeof planRunRow>;

export const planList = z.strictObject({
  /** Those that can be run. */
  plans: z.array(
    z.strictObject({
      name: z.string(),
      summary: z.string().nullable(),
      /** A command in it is dangerous: who runs it writes its name. */
      dangerous: z.boolean(),
      params: z.array(commandParam),
    }),
  ),
  runs: z.array(planRunRow),
});
export type PlanList = z.infer<typeof planList>;

/** A run that was asked for, cancelled or settled. */
export const runMade = eventMade.extend({ run: z.string() });
export type RunMade = z.infer<typeof runMade>;

/** What a run would do, before anything is: its steps with the values of its parameters in them. */
export const planOutline = z.strictObject({
  steps: z.array(z.strictObject({ what: z.string(), undo: z.string().nullable() })),
  /** Why it would be refused; null where it would not. */
  refused: z.string().nullable(),
});
export type PlanOutline = z.infer<typeof planOutline>;
