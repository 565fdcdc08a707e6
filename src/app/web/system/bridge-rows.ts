/** Targets of bridges as they are: how far, what they never got, what does not go. */
import type { TargetOptions } from "../../../bridge/options.ts";
import { parseShare } from "../../../bridge/share-name.ts";
import type { EpochMs } from "../../../core/clock.ts";
import { gatewayStreamPrefix } from "../../../core/subject.ts";
import type { RollEntry, ToldTrouble } from "../../../stream/roll-entry.ts";
import type { BackboneSeen } from "./backbone-look.ts";
import { howFar } from "./processor-rows.ts";
import type { SetAsideCounts } from "./set-aside-tally.ts";

export interface BridgeRow {
  readonly target: string;
  /** Undefined for one that only the configuration of a bridge elsewhere names. */
  readonly options: TargetOptions | undefined;
  /** The machines whose bridges carry to it. */
  readonly carriedBy: readonly string[];
  readonly behind: number;
  readonly lagMs: number | null;
  readonly savedMs: EpochMs | undefined;
  readonly aside: SetAsideCounts;
  /** The worst that bridges tell of it now; what is over has no time. */
  readonly trouble: ToldTrouble | undefined;
}

/** Of all that are named here, and all that bridges carry to. */
export function bridgeRows(
  seen: BackboneSeen,
  targets: readonly TargetOptions[],
): readonly BridgeRow[] {
  const { bridges, targets: saved } = seen.saved;
  const options = new Map(targets.map((target) => [target.name, target]));
  const names = new Set([...options.keys(), ...bridges.flatMap(targetsOn)]);
  return [...names].sort().map((target) => {
    const found = saved.find((one) => one.target === target);
    const { behind, lagMs } = howFar(seen, ({ name }) => name === `bridge ${target}`);
    const unread = seen.streams.filter(
      ({ name }) => name.startsWith(gatewayStreamPrefix) && !found?.readTo.has(name),
    );
    return {
      ...{ target, options: options.get(target), savedMs: found?.savedMs },
      carriedBy: bridges.filter((one) => targetsOn(one).includes(target)).map(({ name }) => name),
      behind: unread.reduce((sum, { messages }) => sum + messages, behind ?? 0),
      lagMs,
      aside: seen.aside.get(target) ?? { refused: 0, skipped: 0, gap: 0 },
      trouble: worstOf(bridges.flatMap(({ troubles }) => troubles?.[target] ?? [])),
    };
  });
}

function targetsOn({ holds }: RollEntry): readonly string[] {
  return [...new Set(Object.keys(holds).map((share) => parseShare(share).target))];
}

/** One that goes on before one that is over; of several the longest. */
function worstOf(troubles: readonly ToldTrouble[]): ToldTrouble | undefined {
  const since = ({ sinceMs }: ToldTrouble): number => sinceMs ?? Number.POSITIVE_INFINITY;
  return [...troubles].sort((one, other) => since(one) - since(other))[0];
}
