/** What somebody does to an alert on a page: judged by how it is now, and stored behind what was done. */
import type { AlertView } from "../../../alerts/alert-view.ts";
import { refusalOf } from "../../../alerts/judge-action.ts";
import { makeAction, type Order } from "../../../alerts/make-action.ts";
import { RequestProblem } from "../../../api/problem.ts";
import type { EventMade } from "../../../api/shapes/parts.ts";
import { appendAction, lastActionSeq } from "../../../stream/operator-log.ts";
import type { AlertFollower } from "../../../view/alerts/alert-follower.ts";
import { systemClock } from "../../system-clock.ts";
import type { Connection } from "../over-backbone.ts";

/** So often somebody else may be faster. */
const mostTries = 5;
/** What was stored is read within this, or the reading has trouble. */
const readWithinMs = 2_000;

/** Rejects with a `RequestProblem`: 404 for no such alert, 409 with who was first or what is against it. */
export async function actOnAlert(
  connection: Connection,
  follower: AlertFollower,
  seen: AlertView,
  order: Order,
  maxShelveMs: number,
): Promise<EventMade> {
  const { instance, site } = seen;
  // Until it is normal, and no longer than any shelf lasts.
  const wanted =
    order.once === true && order.forMs === undefined ? { ...order, forMs: maxShelveMs } : order;
  const id = crypto.randomUUID();
  for (let attempt = 1; attempt <= mostTries; attempt += 1) {
    const after = await lastActionSeq(connection, site, instance);
    await follower.untilActionRead(after, AbortSignal.timeout(readWithinMs));
    const nowMs = systemClock.wallMs();
    const view = follower.list.view(instance, nowMs) ?? seen;
    const refused = refusalOf(view, wanted, maxShelveMs);
    if (refused !== undefined) throw conflict(refused);
    const { outcome } = await appendAction(connection, makeAction(id, view, wanted, nowMs), after);
    if (outcome !== "overtaken") return { event: id, atMs: nowMs };
  }
  throw conflict("others act on it at the same moment; look at it and try again");
}

function conflict(title: string): RequestProblem {
  return new RequestProblem({ status: 409, code: "alert.refused", title });
}
