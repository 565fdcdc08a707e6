/** What people do about alerts. */
import * as z from "zod";
import { RequestProblem } from "../problem.ts";
import { nothing, type Route, route } from "../route.ts";
import { eventMade } from "../shapes/parts.ts";
import { type AlertOrder, type AlertQueries, type AlertVerb, alertInstance } from "./alert-desk.ts";

const mostAtOnce = 1_000;

const reason = z.string().trim().min(1).max(512);
const manyDone = z.strictObject({
  done: z.array(eventMade.extend({ instance: z.string() })),
  refused: z.array(z.strictObject({ instance: z.string(), title: z.string() })),
});

interface Written {
  readonly verb: AlertVerb;
  readonly summary: string;
  readonly needs: "operator" | "admin";
  readonly body: z.ZodType<Omit<AlertOrder, "verb" | "by">>;
}

const maybeReason = z.strictObject({ reason: reason.optional() });
const withReason = z.strictObject({ reason });

const written: readonly Written[] = [
  {
    verb: "ack",
    summary: "Says that somebody has seen this episode.",
    needs: "operator",
    body: maybeReason,
  },
  {
    verb: "shelve",
    summary: "Tells nobody of an alert for a while.",
    needs: "operator",
    body: withReason
      .extend({ forMs: z.number().int().min(1).optional(), once: z.boolean().optional() })
      .refine(({ forMs, once }) => forMs !== undefined || once === true, "say for how long"),
  },
  { verb: "unshelve", summary: "Ends a shelf.", needs: "operator", body: maybeReason },
  { verb: "reset", summary: "Resets what is latched.", needs: "operator", body: maybeReason },
  { verb: "clear", summary: "Ends an open episode.", needs: "operator", body: maybeReason },
  {
    verb: "out-of-service",
    summary: "Tells nobody of an alert until it is taken back.",
    needs: "admin",
    body: withReason,
  },
  {
    verb: "in-service",
    summary: "Takes an alert back into service.",
    needs: "admin",
    body: maybeReason,
  },
];

/** Each answers with the id of what it appended; 409 says what is against it, and who was first. */
export function alertWriteRoutes(desk: AlertQueries): readonly Route[] {
  return [
    route({
      method: "post",
      path: "/alerts/ack",
      summary: "Acknowledges many with one comment.",
      needs: "operator",
      params: nothing,
      query: nothing,
      body: maybeReason.extend({ instances: z.array(z.string().max(64)).min(1).max(mostAtOnce) }),
      answer: manyDone,
      serve: ({ body: { instances, reason }, principal, signal }) =>
        ackMany(desk, instances, { verb: "ack", by: principal?.name ?? "", reason }, signal),
    }),
    ...written.map(({ body, needs, summary, verb }) =>
      route({
        method: "post",
        path: `/alerts/{instance}/${verb}`,
        summary,
        needs,
        params: alertInstance,
        query: nothing,
        body,
        answer: eventMade,
        serve: ({ body: said, params, principal, signal }) =>
          desk.act(params.instance, { ...said, verb, by: principal?.name ?? "" }, signal),
      }),
    ),
  ];
}

/** What is refused of one does not keep the others from being done. */
async function ackMany(
  desk: AlertQueries,
  instances: readonly string[],
  order: AlertOrder,
  signal: AbortSignal,
): Promise<z.infer<typeof manyDone>> {
  const answer: z.infer<typeof manyDone> = { done: [], refused: [] };
  for (const instance of new Set(instances)) {
    if (signal.aborted) break;
    try {
      answer.done.push({ instance, ...(await desk.act(instance, order, signal)) });
    } catch (thrown) {
      const isOwn = thrown instanceof RequestProblem && thrown.problem.status < 500;
      if (!isOwn) throw thrown;
      answer.refused.push({ instance, title: thrown.problem.title });
    }
  }
  return answer;
}
