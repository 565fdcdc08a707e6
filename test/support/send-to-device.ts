import type { DeviceWrite, WriteOutcome } from "../../src/core/device-write.ts";
import { toDeviceId } from "../../src/core/ids.ts";
import type { Source } from "../../src/core/message.ts";

export interface SendOptions {
  readonly device?: string;
  readonly qos?: 0 | 1;
  readonly retain?: boolean;
  readonly validMs?: number;
  readonly signal?: AbortSignal;
}

/** A message as a command writes it. */
export function messageOf(
  topic: string,
  payload: string,
  { qos = 1, retain = false, validMs }: SendOptions = {},
): DeviceWrite {
  const valid = validMs === undefined ? {} : { validMs };
  return { kind: "message", topic, payload: Buffer.from(payload), qos, retain, ...valid };
}

/** Writes a message on the way of a source to its devices. */
export async function send(
  { toDevices }: Pick<Source, "toDevices">,
  topic: string,
  payload: string,
  options: SendOptions = {},
): Promise<WriteOutcome> {
  if (toDevices === undefined) throw new Error("the source leads to no device");
  const { device = "device", signal = new AbortController().signal } = options;
  return toDevices.write(toDeviceId(device), messageOf(topic, payload, options), signal);
}
