/** Asks an edge node to be born once more: `Node Control/Rebirth` = true. */
import type { EpochMs } from "../../core/clock.ts";
import type { DeviceWrite } from "../../core/device-write.ts";
import type { EdgeNode } from "./edge-node.ts";

const command = Buffer.from("Node Control/Rebirth");
const boolean = 11;

export function rebirthRequest({ group, node }: EdgeNode, nowMs: EpochMs): DeviceWrite {
  const time = varint(Math.floor(nowMs));
  const metric = [
    ...[0x0a, command.length, ...command],
    ...[0x18, ...time],
    ...[0x20, boolean],
    ...[0x70, 1],
  ];
  return {
    kind: "message",
    topic: `spBv1.0/${group}/NCMD/${node}`,
    payload: Uint8Array.from([0x08, ...time, 0x12, metric.length, ...metric]),
    qos: 0,
    retain: false,
  };
}

function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80);
  return [...bytes, rest];
}
