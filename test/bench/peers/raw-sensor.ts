/** What a peer hands on as the device sent it, on the subject that was its topic. */
import type { WholeStreamMessage } from "../../../src/stream/read-whole-stream.ts";
import type { StoredNumber } from "./edge-box.ts";

const decoder = new TextDecoder();

/** The stream at the hub of all peers that have no names of their own, and its subjects. */
export const sensorStream = "SENSORS";
export const sensorSubjects = "tele.>";

export function readRawSensor(message: WholeStreamMessage): StoredNumber | undefined {
  const device = /^tele\.([^.]+)\.SENSOR$/.exec(message.natsSubject)?.[1];
  const n = /"C1":\s*(\d+)/.exec(decoder.decode(message.body))?.[1];
  return device === undefined || n === undefined ? undefined : { device, n: Number(n) };
}
