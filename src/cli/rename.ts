/** `sluicegate devices rename`: a name that people give. */
import type { DeviceLines } from "../app/accept-topic.ts";
import { profileName } from "../core/device.ts";
import { GatewayError } from "../core/errors.ts";
import { isId } from "../core/ids.ts";
import { isObject } from "../core/is-object.ts";
import { namesItself } from "../normalize/profile.ts";
import { type Answer, type AskOptions, askGateway } from "./ask-gateway.ts";
import { listOf } from "./devices-text.ts";
import { addEntry, printEntry, tell } from "./make-known.ts";
import { siteOf } from "./site.ts";
import { topicsOfDevice } from "./topics-of-device.ts";

export interface RenameOptions extends AskOptions {
  readonly write?: boolean;
}

/** Prints the entry that does it, or writes it and forgets the former name. */
export async function renameDevice(
  device: string,
  name: string,
  options: RenameOptions,
): Promise<void> {
  const { device: known } = await askGateway("device", options, { device });
  const entry = await entryOf(isObject(known) ? known : {}, name, options);
  const all = listOf((await askGateway("devices", options, { name: literal(name) }))["devices"]);
  if (all.some((one) => one["device"] === name))
    throw new GatewayError("conflict", `${name} is the name of another device`);
  if (options.write !== true || !(await addEntry(options, entry))) {
    if (options.write !== true) printEntry(options, entry);
    tell(`and then: sluicegate devices forget ${device}`);
  } else {
    await askGateway("forget", options, { device });
    tell(`${device} is forgotten; its device is ${name} when it speaks again`);
  }
  tell(`what was stored before keeps the name ${device}`);
}

async function entryOf(known: Answer, name: string, options: AskOptions): Promise<DeviceLines> {
  const { configured, device, profile, topic } = known;
  if (!isId(name))
    throw new GatewayError("usage", "a name has 1 to 128 characters, none of control");
  if (configured === true)
    throw new GatewayError("usage", `${device} has its name from devices:; change its id there`);
  const { profiles } = await siteOf(options.config);
  const wanted = typeof profile === "string" ? profileName(profile) : "";
  const found = [...profiles.keys()].find((one) => one.name === wanted);
  if (typeof topic !== "string")
    throw new GatewayError("usage", `the topic of ${device} is known once it speaks; try it then`);
  if (found === undefined || namesItself(found))
    throw new GatewayError("usage", `${device} names itself in its messages; change it there`);
  return { id: name, profile: wanted, topic: topicsOfDevice(found, topic) };
}

/** A pattern that takes this name only, and those that are as long. */
function literal(name: string): string {
  return name.replace(/[*?]/g, "?");
}
