import { partitionActions } from "../core/subject.ts";
import type { AlertReaderDependencies } from "../stream/alert-reader.ts";
import { openOperatorReader } from "../stream/operator-reader.ts";
import type { Clearances } from "./clearances.ts";

/**
 * Reads what people did about the alerts of a partition, from the beginning and until the signal.
 * `onClear` is called, and waited for, where something of it is to be cleared.
 */
export async function followClearances(
  clearances: Clearances,
  partition: number,
  signal: AbortSignal,
  deps: AlertReaderDependencies,
  onClear: () => Promise<void>,
): Promise<void> {
  const filter = partitionActions(partition);
  const reader = openOperatorReader(undefined, signal, deps, () => {}, filter);
  for (;;) {
    const batch = await reader.next();
    if (!batch) return;
    if (clearances.note(batch)) await onClear();
  }
}
