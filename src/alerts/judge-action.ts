/** Whether somebody may do what is wanted to an alert: the same for everything that lets people act. */
import { formatDuration } from "../core/duration.ts";
import type { OperatorVerb } from "../core/operator-action.ts";
import type { AlertView } from "./alert-view.ts";

/** What is wanted, without who wants it. */
export interface WantedAction {
  readonly verb: OperatorVerb;
  /** Of `shelve`: for how long. */
  readonly forMs?: number;
  readonly reason?: string;
}

/** Why it is not to be done, for people; undefined where it is. */
export function refusalOf(
  view: AlertView,
  wanted: WantedAction,
  maxShelveMs: number,
): string | undefined {
  switch (wanted.verb) {
    case "ack":
      return refusalOfAck(view);
    case "reset":
      if (view.isFiring) return "it still fires: what is latched is reset once it is normal again";
      return view.isLatched ? undefined : "it is not latched: there is nothing to reset";
    case "clear":
      return view.isFiring ? undefined : "nothing of it is open: there is nothing to clear";
    case "shelve":
      return refusalOfShelf(view, wanted, maxShelveMs);
    case "unshelve":
      return view.shelf ? undefined : "it is not shelved";
    case "out-of-service":
      if (view.outOfService) return `${view.outOfService.by} took it out of service already`;
      return hasReason(wanted) ? undefined : "say why it is taken out of service";
    case "in-service":
      return view.outOfService ? undefined : "it is in service";
  }
}

function refusalOfAck({ acked, ackRequired, isFiring, isLatched }: AlertView): string | undefined {
  if (acked) return `${acked.by} acknowledged it already`;
  if (isFiring || isLatched || ackRequired) return undefined;
  return "it is normal again and waits for nobody: there is nothing to acknowledge";
}

function refusalOfShelf(
  { outOfService }: AlertView,
  wanted: WantedAction,
  maxShelveMs: number,
): string | undefined {
  const { forMs = 0 } = wanted;
  if (outOfService) return "it is out of service: nobody is told of it as it is";
  if (!hasReason(wanted)) return "say why it is shelved";
  if (!(forMs > 0)) return "say for how long it is shelved";
  if (forMs <= maxShelveMs) return undefined;
  return (
    `${formatDuration(forMs)} is longer than the ${formatDuration(maxShelveMs)} that alerts.max_shelve ` +
    "allows; shelve it again when that is over, or take it out of service"
  );
}

function hasReason({ reason }: WantedAction): boolean {
  return reason !== undefined && reason.trim() !== "";
}
