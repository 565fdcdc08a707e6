import type { Check } from "../check.ts";
import { ok, skipped, warning } from "../finding.ts";
import { systemText } from "../system-text.ts";

const farMs = 60_000;

export const clockRtc: Check = {
  id: "clock.rtc",
  group: "machine",
  asks: "whether there is a clock that goes on without power, and whether it is right",
  explanation:
    "Machines without such a clock (a Raspberry Pi before the 5) begin after a power cut with the time at which they went down, until the network gives them the right one. Events of that time carry a clock that is marked as not to be trusted. Add an RTC module, or start the gateway behind time-sync.target.",
  async run(around) {
    const text = await systemText(around, "sys/class/rtc/rtc0/since_epoch");
    if (text === undefined) {
      const isHardware = (await systemText(around, "proc/device-tree/model")) !== undefined;
      if (!isHardware)
        return [skipped("the system tells of none; virtual machines have none to see")];
      return [
        warning({
          what: "no clock goes on without power",
          why: "after a power cut the time is wrong until the network gives it",
          next: "add an RTC module, or let the service start behind time-sync.target",
        }),
      ];
    }
    const apartMs = Math.abs(Number(text.trim()) * 1_000 - around.clock.wallMs());
    const what = `the clock of the hardware is ${Math.round(apartMs / 1_000)} s apart`;
    if (apartMs < farMs) return [ok(what)];
    return [
      warning({
        what,
        why: "after a power cut the time begins wrong by as much",
        next: "sudo hwclock --systohc, when the time of the system is right; is its battery empty?",
      }),
    ];
  },
};
