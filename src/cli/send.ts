/** `sluicegate send <device> <command> [name=value...]`: tells a device to do something. */
import { randomBytes } from "node:crypto";
import { userInfo } from "node:os";
import { CommandDesk } from "../app/command-desk.ts";
import { commandOf } from "../app/prepare-command.ts";
import { showWrite } from "../app/show-commands.ts";
import { systemClock } from "../app/system-clock.ts";
import { loadSite } from "../config/site/load-site.ts";
import type { Command } from "../core/command.ts";
import { profileName } from "../core/device.ts";
import { formatDuration } from "../core/duration.ts";
import { GatewayError } from "../core/errors.ts";
import { toDeviceId, toGatewayId } from "../core/ids.ts";
import { isObject } from "../core/is-object.ts";
import type { CommandMapping } from "../normalize/commands/command-mapping.ts";
import { makeReady } from "../normalize/commands/ready-command.ts";
import type { KnownDevice } from "../normalize/known-device.ts";
import type { FoundDevice } from "../stream/find-device.ts";
import { askRole } from "../telemetry/status-client.ts";
import { isWanted, type SendOptions, saySent } from "./ask-to-send.ts";
import { describeCommand } from "./commands-text.ts";
import { durationFlag, expiresFlag } from "./flag-values.ts";
import { printAnswer } from "./print-answer.ts";
import { remoteOf } from "./remote.ts";
import { readParams } from "./send-params.ts";
import { serversOf } from "./servers-of.ts";
import { filesHere, placeOf, socketOf } from "./site.ts";
import { watchCommand } from "./watch-command.ts";

/** Where no profile says otherwise. */
const defaultValidMs = 300_000;

/** Issues a command; with `--wait` prints its steps and ends as it does. */
export async function sendCommand(
  name: string,
  commandName: string,
  words: readonly string[],
  options: SendOptions,
): Promise<void> {
  const remote = await remoteOf(options);
  if (remote)
    return (await import("./remote-send.ts")).sendThere(
      remote,
      { device: name, name: commandName, words },
      options,
    );
  const device = toDeviceId(name);
  const timeoutMs = durationFlag("--timeout", options.timeout);
  const expiresMs = expiresFlag(options.expires);
  const place = await placeOf(options.config);
  const desk = new CommandDesk(place, await serversOf(place, options));
  try {
    const gateway = options.gateway === undefined ? undefined : toGatewayId(options.gateway);
    const found = await desk.find(device, gateway);
    const known = await readHere(found, options);
    const mapping = known && mappingOf(known, commandName);
    const { origin } = found;
    const issuedMs = systemClock.wallMs();
    const { reason } = options;
    const command: Command = {
      id: randomBytes(8).toString("hex"),
      ...{ ...origin, device, name: commandName, issuedMs },
      params: readParams(words, mapping),
      expiresMs: issuedMs + (expiresMs ?? mapping?.validMs ?? defaultValidMs),
      by: options.by ?? userInfo().username,
      ...(reason !== undefined && { reason }),
    };
    if (options.dryRun) return await showDry(command, known, options);
    if (known === undefined)
      process.stderr.write(
        `(${found.record.profile} is not here, or sluicegate validate finds faults: the gateway checks the command)\n`,
      );
    if (!(await isWanted(command, mapping, options))) return;
    const storedMs = await desk.issue(command);
    saySent(command, options);
    if (options.wait) await watchCommand(desk, command, storedMs, { ...options, timeoutMs });
  } finally {
    await desk.close();
  }
}

/** The device by the profiles of this machine; undefined where its own is not here, or another version. */
async function readHere(
  { record }: FoundDevice,
  { config }: SendOptions,
): Promise<KnownDevice | undefined> {
  const loaded = await loadSite(config, filesHere());
  if (!loaded.ok) return undefined;
  const { catalog } = loaded.site;
  const known =
    catalog.configured(record.device) ??
    catalog.discovered(record.device, profileName(record.profile));
  return known?.profile.id === record.profile ? known : undefined;
}

function mappingOf(known: KnownDevice, name: string): CommandMapping {
  const mapping = commandOf(known, name);
  if (typeof mapping !== "string") return mapping;
  throw new GatewayError("usage", `${known.id}: ${mapping}`);
}

/** What would leave: asked of the gateway where it runs here, since it knows the device best. */
async function showDry(
  command: Command,
  known: KnownDevice | undefined,
  options: SendOptions,
): Promise<void> {
  const { device, id, name, params } = command;
  const asked = { device, command: name, id, params: JSON.stringify(params) };
  const answer: unknown = await askRole(await socketOf(options), "prepare-command", asked).catch(
    () => ({}),
  );
  const write = (isObject(answer) && answer["write"]) || (known && writeHere(command, known));
  if (!isObject(write)) {
    const problem = isObject(answer) ? answer["problem"] : undefined;
    throw new GatewayError(
      "usage",
      typeof problem === "string"
        ? `${device}: ${problem}`
        : `what would leave cannot be said here: call it where gateway ${command.gateway} runs`,
    );
  }
  const validMs = command.expiresMs - command.issuedMs;
  printAnswer(options, "command-plan/1", { command, write }, () => [
    `would send ${describeCommand(command)} through ${command.gateway}, valid for ${formatDuration(validMs)}:`,
    ...Object.entries(write).map(([key, value]) => `  ${key.padEnd(8)} ${valueText(value)}`),
  ]);
}

function writeHere(command: Command, known: KnownDevice): object {
  const ready = makeReady(known, mappingOf(known, command.name), command);
  if ("problem" in ready) throw new GatewayError("usage", ready.problem);
  return showWrite(ready.write);
}

function valueText(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
