/** How routes are written: who is told of which alerts, when, and what is told together. */
import * as z from "zod";
import { durationWithin } from "../schema/bounded.ts";
import { weekTimesSchema } from "../schema/week-times-schema.ts";

export const receiverName = z
  .string()
  .regex(
    /^[A-Za-z0-9_-]{1,64}$/,
    "a receiver's name is 1 to 64 letters, digits, underscores and hyphens",
  );
const receiverNames = z.array(receiverName).min(1).max(64);

const labelName = z
  .string()
  .regex(
    /^[a-zA-Z_][a-zA-Z0-9_]{0,127}$/,
    "a label's name is letters, digits and underscores, and begins with no digit",
  );
const pattern = z.string().max(256);

const weekTimes = z.array(weekTimesSchema).min(1).max(64);

const minuteMs = 60_000;
const dayMs = 86_400_000;

/** What a route says of its own, and what it takes from above where it does not. */
const ways = {
  group_by: z
    .array(labelName)
    .max(16)
    .optional()
    .describe(
      "Labels in which alerts are alike that are told together, such as [alertname, site]; [] for all in one. Without it each change of an alert is told by itself, at once.",
    ),
  group_wait: z
    .string()
    .transform(durationWithin(0, 60 * minuteMs))
    .optional()
    .describe("How long a new group waits for more alerts (0s to 1h, 10s; ms once parsed)."),
  group_interval: z
    .string()
    .transform(durationWithin(1_000, dayMs))
    .optional()
    .describe("The least time between two notices of a group (1s to 1d, 2m; ms once parsed)."),
  repeat_interval: z
    .string()
    .transform(durationWithin(minuteMs, 30 * dayMs))
    .optional()
    .describe(
      "Told again so often while an alert fires and nobody acknowledged it (1m to 30d; ms once parsed); a rule's renotify_every wins. Without either nothing is repeated.",
    ),
  late: z
    .enum(["digest", "all", "none"])
    .optional()
    .describe(
      "What becomes of alerts that are learned long after they happened, and ended as well: one digest for each gateway, told as any other, or told to nobody. Usual is digest where there are routes or groups, all elsewhere.",
    ),
};

const matching = {
  match: z
    .record(labelName, z.union([pattern, z.array(pattern).min(1).max(100)]))
    .optional()
    .describe(
      "Labels that an alert must have: a value, a pattern with *, or a list of them. severity, alertname and group are labels as well. Without it all match.",
    ),
  receivers: receiverNames
    .optional()
    .describe("Who is told; without it those of the route above, or of default."),
  mute: weekTimes
    .optional()
    .describe("Times of the week in which nothing is told; what still fires is told behind them."),
  active: weekTimes
    .optional()
    .describe("Times of the week outside of which nothing is told; the opposite of mute."),
  escalate: z
    .strictObject({
      after: z
        .string()
        .transform(durationWithin(minuteMs, 7 * dayMs))
        .describe("How long somebody may take to acknowledge (1m to 7d; ms once parsed)."),
      receivers: receiverNames.describe("Who is told as well when nobody did."),
    })
    .optional()
    .describe("Who else is told of an alert that nobody acknowledges."),
  continue: z
    .literal(true)
    .optional()
    .describe("The routes behind this one are looked at as well."),
};

const innerRoute = z.strictObject({ ...matching, ...ways });

export const rootWays = ways;
export const routeOptions = z
  .array(
    innerRoute.extend({
      routes: z
        .array(innerRoute)
        .max(100)
        .optional()
        .describe("Routes within this one; what they leave out is as it is here."),
    }),
  )
  .max(200)
  .describe(
    "Who is told of which alerts: the first route that matches, and those behind it only where it says continue. What no route matches goes to default.",
  );

/** What is written about one route, without those within it. */
export type RouteOptions = z.output<typeof innerRoute>;
