/** The explanations of all rooms, by their codes. */
import { checks } from "../app/doctor/checks.ts";
import type { Explanation } from "../explain/explanation.ts";
import { failures } from "../explain/failures.ts";
import { explainFault } from "../explain/fault-kinds.ts";
import { faults } from "../explain/faults.ts";
import { problems } from "../explain/problems.ts";
import { gaps, rejections } from "../explain/what-became.ts";
import {
  connectReasons,
  endings,
  messageReasons,
  problemReasons,
} from "../sources/mqtt-broker/reasons.ts";

/** With what it is a code of. */
export interface NamedExplanation extends Explanation {
  readonly kind: string;
}

const refusalHelp = {
  why: "The broker counts what it refuses by reason and tells each client of version 5 why.",
  next: "sluicegate status shows which client it was last, from which address and at which limit. Correct the client, its user or its rights.",
};

/** Codes that stand by themselves. Some are of several kinds. */
export const allExplanations: ReadonlyMap<string, readonly NamedExplanation[]> = collect([
  ["failure", Object.entries(failures)],
  ["fault of a file", Object.entries(faults)],
  ["rejection of a message", Object.entries(rejections)],
  ["gap", Object.entries(gaps)],
  [
    "check of doctor",
    checks.map(({ asks, explanation, id }) => [id, checkHelp(id, asks, explanation)]),
  ],
  ["answer of the API", Object.entries(problems)],
  ["refusal of the broker", refusalEntries()],
]);

/** Of one code, also of those that are made of a file and a kind of fault. */
export function explanationsOf(code: string): readonly NamedExplanation[] {
  const known = allExplanations.get(code);
  if (known) return known;
  const fault = explainFault(code);
  return fault ? [{ kind: "fault of a file", ...fault }] : [];
}

type Entries = readonly (readonly [code: string, explanation: Explanation])[];

function collect(kinds: readonly (readonly [kind: string, entries: Entries])[]) {
  const all = new Map<string, NamedExplanation[]>();
  for (const [kind, entries] of kinds)
    for (const [code, explanation] of entries)
      all.set(code, [...(all.get(code) ?? []), { kind, ...explanation }]);
  return all;
}

function checkHelp(id: string, asks: string, explanation: string): Explanation {
  return {
    means: `doctor looks: ${asks}`,
    why: explanation,
    next: `sluicegate doctor --only ${id} looks again.`,
  };
}

function refusalEntries(): Entries {
  const reasons = { ...connectReasons, ...messageReasons, ...problemReasons, ...endings };
  return Object.entries(reasons).map(([code, { text }]) => [code, { means: text, ...refusalHelp }]);
}
