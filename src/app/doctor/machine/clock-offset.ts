import type { Check, DoctorSurroundings } from "../check.ts";
import { error, ok, skipped, warning } from "../finding.ts";
import { runProgram } from "../run-program.ts";
import { systemText } from "../system-text.ts";

/** Devices are compared with the clock of the gateway; from here on they look wrong. */
const farMs = 1_000;
const tooFarMs = 30_000;

export const clockOffset: Check = {
  id: "clock.offset",
  group: "machine",
  asks: "whether the clock is kept right, and by whom",
  explanation:
    "The time of an event is judged by the clock of the gateway: where that is wrong, devices look early or late, rules fire at the wrong moment, and certificates seem not valid yet or any more. Install chrony or switch on systemd-timesyncd (timedatectl set-ntp true), and let UDP port 123 out.",
  async run(around) {
    const tracking = await runProgram("chronyc", ["-n", "tracking"], around);
    if (tracking !== undefined && /^Leap status/m.test(tracking)) return [byChrony(tracking)];
    const shown = await runProgram("timedatectl", ["show"], around);
    const isSynced = /^NTPSynchronized=(yes|no)/m.exec(shown ?? "")?.[1];
    if (isSynced === "yes") return [ok("kept by the time service of the system")];
    if (isSynced === "no") return [unkept("the time service of the system has no source")];
    if (await isKeptByTimesyncd(around)) return [ok("kept by systemd-timesyncd")];
    return [skipped("nothing on this machine tells whether the clock is kept right")];
  },
};

function byChrony(tracking: string) {
  const source = /^Reference ID\s*:\s*\S+\s*\((.*)\)/m.exec(tracking)?.[1] ?? "";
  const [, seconds, direction] =
    /^System time\s*:\s*([\d.]+) seconds (slow|fast)/m.exec(tracking) ?? [];
  if (/^Leap status\s*:\s*Not synchronised/m.test(tracking))
    return unkept("chrony has no source that it believes");
  const offsetMs = Number(seconds) * 1_000;
  const what = `${offsetMs.toFixed(1)} ms ${direction ?? "off"} (chrony, ${source || "no source"})`;
  if (!(offsetMs > farMs)) return ok(what);
  const bad = {
    what,
    why: "devices look early or late, and rules fire at the wrong moment",
    next: "chronyc makestep, then chronyc sources says who is believed",
  };
  return offsetMs > tooFarMs ? error(bad) : warning(bad);
}

function unkept(what: string) {
  return warning({
    what,
    why: "the clock drifts, and nobody sets it right after a power cut",
    next: "timedatectl set-ntp true, or install chrony; let UDP port 123 out",
  });
}

function isKeptByTimesyncd(around: DoctorSurroundings): Promise<boolean> {
  return systemText(around, "run/systemd/timesync/synchronized").then((text) => text !== undefined);
}
