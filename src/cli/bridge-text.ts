import type { BridgeState, TargetState } from "../bridge/bridge.ts";
import { formatDuration } from "../core/duration.ts";

/** How each target goes. */
export function bridgeLines({ targets }: BridgeState, nowMs: number): string[] {
  return targets.flatMap((target) => targetLines(target, nowMs));
}

function targetLines(target: TargetState, nowMs: number): string[] {
  const { aside, behind, carried, echoes, failing, kind, lastError, missed, name } = target;
  const { shares, sharesElsewhere } = target;
  const counts = [
    `${carried} carried`,
    `${behind} behind`,
    ...(sharesElsewhere > 0 ? [`${shares} of ${shares + sharesElsewhere} shares here`] : []),
    ...(aside > 0 ? [`${aside} set aside: sluicegate bridge aside`] : []),
    ...(missed > 0 ? [`${missed} gone before they were carried`] : []),
    ...(echoes > 0 ? [`${echoes} came back and were left`] : []),
  ];
  const trouble = failing
    ? `failing for ${formatDuration(nowMs - failing.sinceMs)}: ${failing.reason}`
    : lastError === undefined
      ? undefined
      : `last trouble, over now: ${lastError}`;
  const letter = failing?.letter === undefined ? "" : ` (${failing.letter})`;
  return [
    `Bridge    ${name} (${kind})   ${counts.join("   ")}`,
    ...(trouble === undefined ? [] : [`          ${trouble}${letter}`]),
  ];
}
