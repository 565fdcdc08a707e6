/** Messages that could not be read: looked at, tried, processed again, discarded. */
import * as z from "zod";
import type { Principal } from "../principal.ts";
import { notSignedIn, RequestProblem } from "../problem.ts";
import { nothing, type Route, route } from "../route.ts";
import {
  type AgainOutcome,
  againOutcome,
  type DeadLetter,
  type DeadLetterGroup,
  type DiscardOutcome,
  deadLetterGroups,
  deadLetters,
  discardOutcome,
} from "../shapes/dead-letter.ts";

/** Which messages: all of a group, or one of them. */
export interface DeadLetterWish {
  readonly group: string;
  readonly id?: string | undefined;
}

export interface DeadLetterDesk {
  groups(): Promise<{ readonly groups: DeadLetterGroup[]; readonly complete: boolean }>;
  /** The first ones, whole; none where nothing is in such a group. */
  messages(
    group: string,
    limit: number,
  ): Promise<{ readonly messages: DeadLetter[]; readonly complete: boolean }>;
  /** Changes nothing; `profile` in place of those that are in force. */
  try(wish: DeadLetterWish, profile: string | undefined): Promise<AgainOutcome>;
  reprocess(wish: DeadLetterWish, by: Principal, reason: string | undefined): Promise<AgainOutcome>;
  discard(wish: DeadLetterWish, by: Principal, reason: string): Promise<DiscardOutcome>;
}

const group = z.strictObject({ group: z.string().max(1_200) });
const most = z.strictObject({ limit: z.coerce.number().int().min(1).max(100).default(20) });
const id = z.string().max(400).optional();
const said = z.string().max(512);

const tryBody = z.strictObject({ id, profile: z.string().max(200).optional() });
const reprocessBody = z.strictObject({ id, reason: said.optional() });
const discardBody = z.strictObject({ id, reason: said.trim().min(1, "say why") });

export function deadLetterRoutes(desk: DeadLetterDesk): readonly Route[] {
  return [
    route({
      ...{ method: "get", path: "/dead-letters", needs: "viewer" },
      summary: "Messages that could not be read, in groups that failed alike.",
      ...{ params: nothing, query: nothing, body: nothing, answer: deadLetterGroups },
      serve: () => desk.groups(),
    }),
    route({
      ...{ method: "get", path: "/dead-letters/{group}", needs: "viewer" },
      readsMuch: true,
      summary: "The first messages of a group, whole.",
      ...{ params: group, query: most, body: nothing, answer: deadLetters },
      serve: ({ params, query }) => desk.messages(params.group, query.limit),
    }),
    route({
      ...{ method: "post", path: "/dead-letters/{group}/try", needs: "operator" },
      readsMuch: true,
      summary: "What would become of them with the profiles as they are now; nothing changes.",
      ...{ params: group, query: nothing, body: tryBody, answer: againOutcome },
      serve: ({ body, params }) => desk.try({ ...params, id: body.id }, body.profile),
    }),
    route({
      ...{ method: "post", path: "/dead-letters/{group}/reprocess", needs: "operator" },
      summary: "Stores those that can be read now, with the time at which they were received.",
      ...{ params: group, query: nothing, body: reprocessBody, answer: againOutcome },
      serve: ({ body, params, principal }) =>
        desk.reprocess({ ...params, id: body.id }, known(principal), body.reason),
    }),
    route({
      ...{ method: "post", path: "/dead-letters/{group}/discard", needs: "operator" },
      summary: "They are of no use: says so, and why.",
      ...{ params: group, query: nothing, body: discardBody, answer: discardOutcome },
      serve: ({ body, params, principal }) =>
        desk.discard({ ...params, id: body.id }, known(principal), body.reason),
    }),
  ];
}

function known(principal: Principal | undefined): Principal {
  if (principal === undefined) throw new RequestProblem(notSignedIn);
  return principal;
}
