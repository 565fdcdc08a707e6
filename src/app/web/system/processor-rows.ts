/** Who processes what, and how far they are. */
import type { ProcessorRow } from "../../../api/shapes/system.ts";
import { alertsStream } from "../../../core/subject.ts";
import type { BackboneSeen, SeenReader } from "./backbone-look.ts";
import { agoMs } from "./stream-rows.ts";

/** A checkpoint is written far more often than that. */
const oldAfterMs = 120_000;

/** `rules` is how many are in force here. */
export function processorRows(seen: BackboneSeen, rules: number): ProcessorRow[] {
  const { partitions, processors, receivers } = seen.saved;
  const held = new Set<number>();
  const rows = processors.map(({ holds, id, name }): ProcessorRow => {
    const own = Object.keys(holds)
      .map(Number)
      .sort((one, other) => one - other);
    for (const partition of own) held.add(partition);
    const saved = partitions.filter(({ partition }) => own.includes(partition));
    const savedMs = saved.length === 0 ? null : Math.min(...saved.map((one) => one.savedMs));
    const names = new Set(own.map((partition) => `processor ${partition}`));
    const isOld = savedMs !== null && agoMs(seen, savedMs) > oldAfterMs;
    return {
      ...{ name: `${name} ${id.slice(0, 8)}`, role: "processor", partitions: own, rules },
      ...howFar(seen, (reader) => names.has(reader.name)),
      checkpointMs: savedMs,
      trouble: isOld ? "its last checkpoint is old: it may be gone" : null,
    };
  });
  const nobodys = partitions.map(({ partition }) => partition).filter((one) => !held.has(one));
  if (nobodys.length > 0)
    rows.push({
      ...{ name: "nobody", role: "processor", partitions: nobodys, rules: null },
      ...howFar(seen, ({ name }) => nobodys.some((one) => name === `processor ${one}`)),
      checkpointMs: null,
      trouble: "no processor holds these: their alerts stand still; start one",
    });
  const { historian } = seen.saved;
  if (historian)
    rows.push({
      ...{ name: "historian", role: "historian", partitions: [], rules: null },
      ...howFar(seen, ({ name }) => name === "historian"),
      ...{ checkpointMs: historian.savedMs, trouble: null },
    });
  for (const { receiver, savedMs } of receivers)
    rows.push({
      ...{ name: receiver, role: "notifier", partitions: [], rules: null },
      ...howFar(seen, ({ name, stream }) =>
        stream === alertsStream ? name === `receiver ${receiver}` : false,
      ),
      ...{ checkpointMs: savedMs, trouble: null },
    });
  return rows;
}

/** All that is behind together, and the longest that anything waits. */
export function howFar(
  seen: BackboneSeen,
  isMeant: (reader: SeenReader) => boolean,
): { readonly behind: number | null; readonly lagMs: number | null } {
  const own = seen.readers.filter(isMeant);
  if (own.length === 0) return { behind: null, lagMs: null };
  const behind = own.reduce((sum, reader) => sum + reader.behind, 0);
  const waits = own.flatMap(({ waitsSinceMs }) => waitsSinceMs ?? []);
  const lagMs = behind === 0 ? 0 : waits.length === 0 ? null : agoMs(seen, Math.min(...waits));
  return { behind, lagMs };
}
