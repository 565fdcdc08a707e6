/** The form of what commands about rules and receivers print. */
import * as z from "zod";
import { count, ms, severity, transition } from "./form-parts.ts";

const sum = z.object({
  episodes: count,
  notices: count,
  longestMs: ms,
  inAlarmMs: ms,
});

const trial = sum.extend({ instances: count, left: count, days: z.number() });

const letter = z.object({
  receiver: z.string(),
  alert: transition,
  reason: z.string(),
  attempts: count,
  at: z.string(),
});

export const rulesForms = {
  "rules/1": z.object({
    rules: z.array(
      z.object({
        rule: z.string(),
        kind: z.string(),
        severity: z.string(),
        enabled: z.boolean(),
        selects: z.string(),
        when: z.string(),
        /** Absent where no processor runs here. */
        instances: count.optional(),
        pending: count.optional(),
        firing: count.optional(),
      }),
    ),
  }),
  "rules-explain/1": z.object({
    instances: z.array(
      z.looseObject({ rule: z.string(), alert: z.string(), reasons: z.array(z.string()) }),
    ),
    samples: z.array(z.string()).optional(),
    handling: z.array(z.string()),
  }),
  "rules-test/1": z.object({
    tests: count,
    failed: count,
    results: z.array(
      z.object({
        file: z.string(),
        name: z.string(),
        holds: z.boolean(),
        differences: z.array(
          z.object({
            line: z.number().optional(),
            column: z.number().optional(),
            message: z.string(),
          }),
        ),
      }),
    ),
  }),
  /** Of rules, of each value of a sweep, or of two sets held against each other. */
  "backtest/1": z.object({
    events: count,
    notes: z.array(z.string()),
    ...trial.partial().shape,
    by: z.record(z.string(), sum).optional(),
    list: z
      .array(z.looseObject({ id: z.string(), rule: z.string(), severity, startedMs: ms }))
      .optional(),
    sweep: z.array(trial.extend({ value: z.union([z.string(), z.number()]) })).optional(),
    same: count.optional(),
    onlyHere: z.array(z.unknown()).optional(),
    onlyThere: z.array(z.unknown()).optional(),
    moved: z.array(z.unknown()).optional(),
  }),
  "receiver-test/1": z.object({
    receiver: z.string(),
    told: z.array(z.object({ state: z.string(), delivered: z.boolean(), words: z.string() })),
  }),
  "dead-letters/1": z.object({ letters: z.array(letter) }),
  "dead-letter/1": letter,
};
