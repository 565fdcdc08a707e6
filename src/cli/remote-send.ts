/** `send` to a device of a gateway or hub elsewhere. */
import type { Command, CommandValue } from "../core/command.ts";
import { parseDeviceKey } from "../core/device-key.ts";
import { GatewayError } from "../core/errors.ts";
import { isObject } from "../core/is-object.ts";
import { suggest } from "../core/suggest.ts";
import { isWanted, type SendOptions, saySent } from "./ask-to-send.ts";
import { describeCommand } from "./commands-text.ts";
import type { Context } from "./contexts-file.ts";
import { listOf, textOf } from "./devices-text.ts";
import { durationFlag, expiresFlag } from "./flag-values.ts";
import { printAnswer } from "./print-answer.ts";
import { askApi } from "./remote.ts";
import { remoteSteps } from "./remote-commands.ts";
import { remoteDevice } from "./remote-device.ts";
import { readParams } from "./send-params.ts";
import { watchCommand } from "./watch-command.ts";

type Facts = Readonly<Record<string, unknown>>;

interface Order {
  readonly device: string;
  readonly name: string;
  /** `name=value`. */
  readonly words: readonly string[];
}

/** Who sent it is decided by the token, so `--by` has no place here. */
export async function sendThere(
  context: Context,
  order: Order,
  options: SendOptions,
): Promise<void> {
  const timeoutMs = durationFlag("--timeout", options.timeout);
  const validForMs = expiresFlag(options.expires);
  if (options.by !== undefined)
    throw new GatewayError("usage", "--by: elsewhere the token says who it is; leave it out");
  const page = await remoteDevice(context, order.device, options.gateway);
  const declared = declaredOf(page, order.name);
  const params = paramsOf(order.words, declared);
  const { reason } = options;
  const row = isObject(page["row"]) ? page["row"] : {};
  const key = textOf(row["key"]);
  const place = parseDeviceKey(key);
  if (place === undefined)
    throw new GatewayError("status.unreachable", `${context.url} names no place of the device`);
  const wish = {
    ...{ device: key, name: order.name, params },
    ...(validForMs !== undefined && { validForMs }),
    ...(reason !== undefined && { reason }),
  };
  const command: Command = {
    ...{ id: "", ...place.origin, device: place.device, name: order.name, params },
    ...{ issuedMs: 0, expiresMs: validForMs ?? 0, by: "" },
  };
  if (options.dryRun) return showDry(context, wish, command, options);
  const known = declared && {
    about: textOf(declared["summary"]),
    danger: declared["dangerous"] !== false,
  };
  if (!(await isWanted(command, known, options))) return;
  const made = await askApi(context, "/commands", { ...wish, confirm: order.device });
  const { atMs, id } = made;
  const sent = { ...command, id: textOf(id), issuedMs: Number(atMs) || 0 };
  saySent(sent, options);
  // When it expires is not told there.
  const { expiresMs: _, ...watched } = sent;
  if (options.wait)
    await watchCommand(remoteSteps(context), watched, sent.issuedMs, { ...options, timeoutMs });
}

async function showDry(
  context: Context,
  wish: object,
  command: Command,
  options: SendOptions,
): Promise<void> {
  const { refused, sends } = await askApi(context, "/commands/dry-run", wish);
  if (typeof refused === "string") throw new GatewayError("usage", `${command.device}: ${refused}`);
  const { device, gateway, name, params, site } = command;
  const plan = { command: { site, gateway, device, name, params }, sends };
  printAnswer(options, "command-plan/1", plan, () => [
    `would send ${describeCommand(command)} through ${gateway}:`,
    `  ${typeof sends === "string" ? sends : "what leaves is not known there: its gateway checks the command"}`,
  ]);
}

/** As its profile declares it; undefined where that is not known there. */
function declaredOf({ commands }: Facts, name: string): Facts | undefined {
  const all = listOf(commands);
  const found = all.find((one) => one["name"] === name);
  if (found !== undefined || all.length === 0) return found;
  const names = all.map((one) => textOf(one["name"]));
  const meant = suggest(name, names);
  throw new GatewayError(
    "usage",
    `no command is called ${name}; ${meant ? `did you mean ${meant}?` : `there are ${names.join(", ")}`}`,
  );
}

/** What is declared as text stays one, whatever it looks like. */
function paramsOf(words: readonly string[], declared: Facts | undefined) {
  const params: Record<string, CommandValue> = { ...readParams(words, undefined) };
  for (const { kind, name } of listOf(declared?.["params"])) {
    const front = `${textOf(name)}=`;
    const word = words.find((one) => one.startsWith(front));
    if (word !== undefined && (kind === "text" || kind === "choice"))
      params[textOf(name)] = word.slice(front.length);
  }
  return params;
}
