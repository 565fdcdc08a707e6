import type { Origin } from "../core/event.ts";
import {
  commandsCopyStream,
  gatewayCommands,
  gatewayStream,
  gatewaySubjects,
} from "../core/subject.ts";
import { escapeToken } from "../core/token.ts";
import { accountFigures, answersTo, asksAbout, getsFrom, type Member } from "./rights.ts";

/**
 * What a gateway may do: write its own events, look where its own stream stands, and read what it is
 * told to do out of a copy that holds nobody else's.
 *
 * It makes no stream and no consumer. Both carry subjects in their settings that the server serves
 * without asking whether their maker may: a stream that is fed by others', a consumer that delivers
 * into others'.
 */
export function gatewayMember({ gateway, site }: Origin): Member {
  const stream = gatewayStream(gateway);
  const commands = commandsCopyStream(gateway);
  return {
    name: `gateway-${escapeToken(gateway)}`,
    account: stream,
    publish: [
      gatewaySubjects(site, gateway),
      asksAbout(stream),
      getsFrom(stream),
      asksAbout(commands),
      getsFrom(commands),
      accountFigures,
    ],
    subscribe: [answersTo(escapeToken(`sluicegate-${gateway}`)), gatewayCommands(site, gateway)],
  };
}
