/** `sluicegate devices ls|show|unread|forget`: the devices of a running gateway. */
import { systemClock } from "../app/system-clock.ts";
import { type AskOptions, askGateway } from "./ask-gateway.ts";
import type { Context } from "./contexts-file.ts";
import { deviceFactLines, deviceLines, listOf, unreadLines } from "./devices-text.ts";
import { type ChangeOptions, isMeant } from "./is-meant.ts";
import { printAnswer } from "./print-answer.ts";
import { askApi, type RemoteOptions, remoteOf } from "./remote.ts";

export interface ListDevicesOptions extends AskOptions, RemoteOptions {
  readonly state?: string;
  readonly profile?: string;
  readonly family?: string;
  readonly limit?: string;
  readonly after?: string;
}

/** Prints a line for each. */
export async function listDevices(
  name: string | undefined,
  { after, family, limit, profile, state, ...options }: ListDevicesOptions,
): Promise<void> {
  const asked = { name, state, profile, family, limit, after };
  const remote = await remoteOf(options);
  const answer = remote
    ? await remoteDevices(remote, asked)
    : await askGateway("devices", options, asked);
  printAnswer(options, "devices/1", answer, () => deviceLines(answer, systemClock.wallMs()));
}

/** What the API of a gateway or hub elsewhere says of its devices. */
async function remoteDevices(
  remote: Context,
  asked: Readonly<Record<string, string | undefined>>,
): Promise<Readonly<Record<string, unknown>>> {
  const query = new URLSearchParams();
  const { family, name, ...rest } = asked;
  for (const [key, value] of Object.entries({ ...rest, filter: name }))
    if (value !== undefined) query.set(key, value);
  const answer = await askApi(remote, `/devices?${query}`);
  if (family === undefined) return answer;
  const rows = listOf(answer["devices"]).filter((row) => row["family"] === family);
  return { ...answer, devices: rows };
}

/** Prints all of one. */
export async function showDevice(
  device: string,
  options: AskOptions & RemoteOptions,
): Promise<void> {
  const remote = await remoteOf(options);
  if (remote) return (await import("./remote-device.ts")).showRemoteDevice(remote, device, options);
  const answer = {
    ...(await askGateway("device", options, { device })),
    ...(await askGateway("device-commands", options, { device })),
  };
  printAnswer(options, "device/1", answer, () => deviceFactLines(answer, systemClock.wallMs()));
}

/** Prints what no profile reads of messages that it reads, and what did not fit. */
export async function showUnread(options: AskOptions): Promise<void> {
  const answer = await askGateway("unread", options, {});
  printAnswer(options, "unread/1", answer, () => unreadLines(answer));
}

export interface ForgetOptions extends AskOptions, ChangeOptions {
  readonly force?: boolean;
}

/** Prints what became of it; exit 1 where nothing was done, 2 where nobody is called so. */
export async function forgetDevice(device: string, options: ForgetOptions): Promise<void> {
  if (!options.force) await askGateway("device", options, { device });
  if (!(await isMeant(`forget ${device}: its alerts end`, options))) return;
  const force = options.force ? "true" : undefined;
  const { outcome } = await askGateway("forget", options, { device, force });
  if (outcome === "forgotten") {
    process.stdout.write(
      `${device} is forgotten: its alerts end, and it is a new device if it speaks again\n`,
    );
    return;
  }
  process.stderr.write(
    outcome === "configured"
      ? `sluicegate: ${device} is configured; take it out of devices: and call sluicegate reload\n`
      : "sluicegate: this cannot be the name of a device: 1 to 128 characters, none of control\n",
  );
  process.exitCode = 1;
}
