/**
 * Commands, and what takes them back, as CloudEvents 1.0 in structured JSON. Who may write into their
 * stream is not known, so reading one is a border: all that readers rest on is looked at.
 */
import type { EpochMs } from "./clock.ts";
import type { Command, CommandCancel, CommandValue } from "./command.ts";
import { formatTime } from "./event-codec.ts";
import { isId, toDeviceId, toGatewayId, toSiteId } from "./ids.ts";
import { isObject } from "./is-object.ts";
import { commandSubject } from "./subject.ts";
import { escapeToken, unescapeToken } from "./token.ts";

const commandType = "io.sluicegate.command.v1";
const cancelType = "io.sluicegate.command-cancel.v1";

/** The longest message of the stream of commands that is read. */
export const maxCommandBytes = 65_536;
/** No command stays valid for longer. */
export const maxValidityMs = 31 * 86_400_000;
const maxParams = 64;

const idPattern = /^[A-Za-z0-9._-]{1,128}$/;
const namePattern = /^[a-z][a-z0-9_]{0,63}$/;
const timePattern = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/;

/** What stands in the stream of commands. */
export type CommandOrder =
  | { readonly order: "command"; readonly command: Command }
  | { readonly order: "cancel"; readonly cancel: CommandCancel };

/** Why a message is no command; one of few texts, never what the message says. */
export interface MalformedCommand {
  readonly malformed: string;
}

/** Where an order belongs, and how it is written. */
export interface EncodedOrder {
  readonly natsSubject: string;
  readonly text: string;
}

export function encodeOrder(order: CommandOrder): EncodedOrder {
  return order.order === "command" ? encodeCommand(order.command) : encodeCancel(order.cancel);
}

function encodeCommand(command: Command): EncodedOrder {
  const { by, device, expiresMs, gateway, id, issuedMs, name, params, reason, run, site } = command;
  const text = JSON.stringify({
    specversion: "1.0",
    id,
    source: `/${escapeToken(by)}`,
    type: commandType,
    subject: device,
    time: formatTime(issuedMs),
    expirytime: formatTime(expiresMs),
    datacontenttype: "application/json",
    data: { site, gateway, command: id, name, params, reason, run },
  });
  return { natsSubject: commandSubject(command, name), text };
}

function encodeCancel(cancel: CommandCancel): EncodedOrder {
  const { by, device, gateway, id, issuedMs, reason, site } = cancel;
  const text = JSON.stringify({
    specversion: "1.0",
    id: `${id}/cancel`,
    source: `/${escapeToken(by)}`,
    type: cancelType,
    subject: device,
    time: formatTime(issuedMs),
    datacontenttype: "application/json",
    data: { site, gateway, command: id, reason },
  });
  return { natsSubject: commandSubject(cancel, undefined), text };
}

/** Reads a message of the stream of commands. Subject and body must agree. */
export function decodeOrder(
  natsSubject: string,
  body: Uint8Array,
): CommandOrder | MalformedCommand {
  if (body.length > maxCommandBytes)
    return { malformed: `it is larger than ${maxCommandBytes} bytes` };
  const value = parse(body);
  if (!isObject(value) || !isObject(value["data"])) return { malformed: "it is no CloudEvent" };
  const { data, expirytime, id: eventId, source, subject, time, type } = value;
  const { command: id, gateway, name, params, reason, run, site } = data;
  if (type !== commandType && type !== cancelType) return { malformed: "its type is not known" };
  if (!isText(id, idPattern)) return { malformed: "it has no id" };
  if (!isName(site) || !isName(gateway) || !isName(subject))
    return { malformed: "it does not say which device of which gateway it is for" };
  const by = typeof source === "string" ? unescapeToken(source.slice(1)) : undefined;
  if (by === undefined || !isId(by)) return { malformed: "it does not say who wants it" };
  const issuedMs = parseTime(time);
  if (issuedMs === undefined) return { malformed: "it does not say when it was issued" };
  if (!isWord(reason) || !isWord(run)) return { malformed: "its reason or its run is no text" };
  const shared = {
    id,
    site: toSiteId(site),
    gateway: toGatewayId(gateway),
    device: toDeviceId(subject),
    issuedMs,
    by,
    ...(reason !== undefined && { reason }),
  };
  if (type === cancelType)
    return commandSubject(shared, undefined) === natsSubject && eventId === `${id}/cancel`
      ? { order: "cancel", cancel: shared }
      : { malformed: "its subject and its body differ" };
  if (!isText(name, namePattern)) return { malformed: "it does not name a command" };
  if (!areParams(params)) return { malformed: "its parameters cannot be read" };
  const expiresMs = parseTime(expirytime);
  if (expiresMs === undefined || expiresMs - issuedMs > maxValidityMs)
    return { malformed: "it does not expire within 31 days" };
  return commandSubject(shared, name) === natsSubject && eventId === id
    ? {
        order: "command",
        command: { ...shared, name, params, expiresMs, ...(run !== undefined && { run }) },
      }
    : { malformed: "its subject and its body differ" };
}

export function isMalformedCommand(
  decoded: CommandOrder | MalformedCommand,
): decoded is MalformedCommand {
  return "malformed" in decoded;
}

function parse(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
  } catch {
    return undefined;
  }
}

function isText(value: unknown, pattern: RegExp): value is string {
  return typeof value === "string" && pattern.test(value);
}

function isName(value: unknown): value is string {
  return typeof value === "string" && isId(value);
}

function isWord(value: unknown): value is string | undefined {
  return value === undefined || (typeof value === "string" && value.length <= 1_024);
}

function areParams(value: unknown): value is Readonly<Record<string, CommandValue>> {
  if (!isObject(value)) return false;
  const entries = Object.entries(value);
  return (
    entries.length <= maxParams &&
    entries.every(([name, one]) => namePattern.test(name) && isCommandValue(one))
  );
}

function isCommandValue(value: unknown): value is CommandValue {
  return Number.isFinite(value) || typeof value === "boolean" || typeof value === "string";
}

function parseTime(value: unknown): EpochMs | undefined {
  if (!isText(value, timePattern)) return undefined;
  const ms = Date.parse(value);
  return Number.isNaN(ms) ? undefined : ms;
}
