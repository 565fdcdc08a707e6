/** What a trial of the log does, by chance. */
import type { RecordClass } from "../../src/core/event-kind.ts";
import type { Random } from "../../src/core/retry.ts";
import type { LogAction } from "./log-trial.ts";
import type { DiskCall } from "./sim-disk.ts";

const calls: readonly DiskCall[] = [
  "write",
  "write",
  "sync",
  "sync",
  "create",
  "rename",
  "unlink",
  "syncFolder",
  "truncate",
];
const codes = ["EIO", "EIO", "ENOSPC", "SHORT"] as const;
const classes: readonly RecordClass[] = ["telemetry", "telemetry", "state", "alarm"];

/** From `least` to `most` actions; each random number decides one thing. */
export function drawActions(random: Random, least: number, most: number): LogAction[] {
  return Array.from({ length: between(random, least, most) }, () => drawAction(random));
}

function drawAction(random: Random): LogAction {
  const kind = random() * 16;
  if (kind < 5) {
    const recordClass = classes[between(random, 0, classes.length - 1)] ?? "telemetry";
    const count = between(random, 1, 12);
    return { kind: "append", count, bytes: between(random, 1, 900), recordClass };
  }
  if (kind < 8) return { kind: "wait" };
  if (kind < 9) return { kind: "read" };
  if (kind < 10) return { kind: "confirm", part: random() };
  if (kind < 11) return { kind: "pass", ms: random() < 0.5 ? 1_500 : 700_000 };
  if (kind < 12) {
    const call = calls[between(random, 0, calls.length - 1)] ?? "write";
    const code = call === "write" ? codes[between(random, 0, codes.length - 1)] : "EIO";
    const skip = between(random, 0, 4);
    return { kind: "fail", call, skip, times: between(random, 1, 5), code: code ?? "EIO" };
  }
  if (kind < 13) return { kind: "fill", freeBytes: between(random, 0, 9_000) };
  if (kind < 14) return { kind: "restart", stillFailing: random() < 0.5 };
  const during = random() < 0.5 ? "work" : "recovery";
  return { kind: "crash", calls: between(random, 0, 30), during };
}

function between(random: Random, least: number, most: number): number {
  return least + Math.floor(random() * (most - least + 1));
}
