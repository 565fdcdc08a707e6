/** What the system says about processes. Linux only: it is read from /proc. */
import { readFileSync } from "node:fs";

export interface ProcessFacts {
  readonly rssBytes: number;
  /** Highest since the process started. */
  readonly peakRssBytes: number;
  /** Processor time of all its threads, in steps of 10 ms. */
  readonly cpuMs: number;
  /** Bytes that it caused to be written to disks. */
  readonly writtenBytes: number;
}

const msPerTick = 10;

export function readProcess(pid: number): ProcessFacts {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  const io = readFileSync(`/proc/${pid}/io`, "utf8");
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  // The name of the program stands in brackets and may have blanks in it.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const [userTicks = 0, systemTicks = 0] = fields.slice(11, 13).map(Number);
  return {
    rssBytes: numberBehind(status, "VmRSS:") * 1_024,
    peakRssBytes: numberBehind(status, "VmHWM:") * 1_024,
    cpuMs: (userTicks + systemTicks) * msPerTick,
    writtenBytes: numberBehind(io, "write_bytes:"),
  };
}

/** Processor time that the whole machine has spent on anything since it started. */
export function readMachineCpuMs(): number {
  const [, user = 0, nice = 0, system = 0, , , interrupts = 0, softInterrupts = 0] = readFileSync(
    "/proc/stat",
    "utf8",
  )
    .slice(0, 200)
    .split(/\s+/)
    .map(Number);
  return (user + nice + system + interrupts + softInterrupts) * msPerTick;
}

function numberBehind(text: string, label: string): number {
  return Number(new RegExp(`^${label}\\s+(\\d+)`, "m").exec(text)?.[1]);
}
