import { formatSize } from "../../../core/size.ts";
import type { Check, DoctorSurroundings } from "../check.ts";
import { error, ok, skipped, warning } from "../finding.ts";
import { systemText } from "../system-text.ts";

const mib = 2 ** 20;
/** What one process needs beside its work. */
const leastBytes = 96 * mib;
const littleBytes = 192 * mib;

export const memory: Check = {
  id: "memory.available",
  group: "machine",
  asks: "whether there is memory left, and what a limit of the service leaves",
  explanation:
    "Where memory runs out the system ends the largest process, which is often this one; what was acknowledged is on disk, and devices wait until it is started again. Find what takes it (top -o %MEM), raise MemoryMax= of the unit, or move roles to another machine.",
  async run(around) {
    const text = await systemText(around, "proc/meminfo");
    const kib = Number(/^MemAvailable:\s+(\d+) kB/m.exec(text ?? "")?.[1]);
    if (Number.isNaN(kib)) return [skipped("the system does not tell how much memory is left")];
    const limits = [{ bytes: kib * 1_024, of: "of the machine" }, ...(await cgroupRoom(around))];
    const [least] = limits.toSorted((one, other) => one.bytes - other.bytes);
    if (least === undefined) return [];
    const what = `${formatSize(least.bytes)} available ${least.of}`;
    const next = "find what takes it: top -o %MEM; or raise MemoryMax= of the unit";
    if (least.bytes < leastBytes)
      return [error({ what, why: "the system may end a process at any time", next })];
    if (least.bytes < littleBytes)
      return [warning({ what, why: "a burst or one more role may not fit", next })];
    return [ok(what)];
  },
};

/** What the limit of our own control group leaves; nothing where there is none. */
async function cgroupRoom(around: DoctorSurroundings): Promise<{ bytes: number; of: string }[]> {
  const own = /^0::(\/.*)$/m.exec((await systemText(around, "proc/self/cgroup")) ?? "")?.[1];
  if (own === undefined) return [];
  const folder = `sys/fs/cgroup${own}`;
  const [most, now] = await Promise.all(
    ["memory.max", "memory.current"].map(async (name) =>
      Number.parseInt((await systemText(around, `${folder}/${name}`)) ?? "", 10),
    ),
  );
  if (!Number.isFinite(most) || !Number.isFinite(now)) return [];
  return [{ bytes: Math.max(0, (most ?? 0) - (now ?? 0)), of: "below the limit of this service" }];
}
