/** Commands to devices: sent, taken back, and what became of them. */
import * as z from "zod";
import type { Principal } from "../principal.ts";
import { notSignedIn, RequestProblem } from "../problem.ts";
import { nothing, type Route, route } from "../route.ts";
import {
  type CommandMade,
  type CommandRow,
  commandList,
  commandMade,
  type DryRun,
  dryRun,
} from "../shapes/command.ts";

/** What a device is to be told. */
export interface CommandWish {
  /** `<site>.<gateway>.<device>`. */
  readonly device: string;
  readonly name: string;
  readonly params: Readonly<Record<string, number | boolean | string>>;
  /** Nothing is sent when so much time has passed; as its profile says where it is left out. */
  readonly validForMs?: number | undefined;
  readonly reason?: string | undefined;
  /** Of what is dangerous: the name of the device, once more. */
  readonly confirm?: string | undefined;
}

export interface CommandDesk {
  /** The newest first; of one device where its key is given. */
  list(
    device: string | undefined,
    limit: number,
  ): Promise<{ readonly commands: CommandRow[]; readonly more: boolean }>;
  dryRun(wish: CommandWish): Promise<DryRun>;
  send(wish: CommandWish, by: Principal): Promise<CommandMade>;
  cancel(id: string, by: Principal, reason: string | undefined): Promise<CommandMade>;
}

/** No command stays valid for longer. */
const longestValidMs = 31 * 86_400_000;
const mostRows = 1_000;

const key = z.string().max(1_200);
const said = z.string().trim().max(512).optional();
const value = z.union([z.number(), z.boolean(), z.string().max(1_024)]);
const listed = z.strictObject({
  device: key.optional(),
  limit: z.coerce.number().int().min(1).max(mostRows).default(200),
});
const wish = z.strictObject({
  device: key,
  name: z.string().min(1).max(64),
  params: z.record(z.string().max(64), value).default({}),
  validForMs: z.number().int().min(1).max(longestValidMs).optional(),
  reason: said,
  confirm: z.string().max(400).optional(),
});
const oneCommand = z.strictObject({ id: z.string().max(128) });

export function commandRoutes(desk: CommandDesk): readonly Route[] {
  return [
    route({
      ...{ method: "get", path: "/commands", needs: "viewer" },
      summary: "Commands of the last week with all that became of them, the newest first.",
      ...{ params: nothing, query: listed, body: nothing, answer: commandList },
      serve: ({ query }) => desk.list(query.device, query.limit),
    }),
    route({
      ...{ method: "post", path: "/commands/dry-run", needs: "operator" },
      summary: "What would leave for a command, or why it would be refused; nothing is sent.",
      ...{ params: nothing, query: nothing, body: wish, answer: dryRun },
      serve: ({ body }) => desk.dryRun(body),
    }),
    route({
      ...{ method: "post", path: "/commands", needs: "operator" },
      summary: "Sends a command; one that is dangerous only with the name of the device.",
      ...{ params: nothing, query: nothing, body: wish, answer: commandMade },
      serve: ({ body, principal }) => desk.send(body, known(principal)),
    }),
    route({
      ...{ method: "post", path: "/commands/{id}/cancel", needs: "operator" },
      summary: "Takes a command back, as far as nothing of it was sent.",
      ...{ params: oneCommand, query: nothing, answer: commandMade },
      body: z.strictObject({ reason: said }),
      serve: ({ body, params, principal }) => desk.cancel(params.id, known(principal), body.reason),
    }),
  ];
}

function known(principal: Principal | undefined): Principal {
  if (principal === undefined) throw new RequestProblem(notSignedIn);
  return principal;
}
