/** Alerts as they were at a moment: the board, folded no further than that. */
import { AlertBoard } from "../alerts/alert-board.ts";
import type { AlertTransition } from "../core/alert.ts";
import { toStreamSeq } from "../core/ids.ts";
import { alertsStream } from "../core/subject.ts";
import { cameLater, counts, type Moment } from "../past/moment.ts";
import type { Backbone } from "../stream/backbone.ts";
import { readStreamFacts } from "../stream/message-get.ts";
import { parseAction } from "../stream/parse-action.ts";
import { parseStoredTransition } from "../stream/parse-transition.ts";
import { readMatching } from "../stream/read-subject.ts";

/** Also of what ended long ago it is asked how it was. */
const maxDone = 1_000_000;

export interface AlertsAt {
  readonly board: AlertBoard;
  /** The last transition of every alert that counts. */
  readonly heads: ReadonlyMap<string, AlertTransition>;
  /** The first transition of every alert that does not count yet. */
  readonly later: ReadonlyMap<string, AlertTransition>;
  /** Transitions of before the moment that the backbone did not have yet. */
  readonly cameLater: number;
}

export async function alertsAt(
  connection: Awaited<ReturnType<Backbone["connected"]>>,
  moment: Moment,
  maxShelveMs: number,
): Promise<AlertsAt> {
  const board = new AlertBoard({ maxShelveMs, maxDone });
  const heads = new Map<string, AlertTransition>();
  const later = new Map<string, AlertTransition>();
  let came = 0;
  if (!(await readStreamFacts(connection, alertsStream)))
    return { board, heads, later, cameLater: came };
  const wish = { from: toStreamSeq(1), natsSubjectFilter: "alert.>" };
  await readMatching(connection, alertsStream, wish, (message) => {
    const storedMs = message.time.getTime();
    const transition = parseStoredTransition(message.subject, message.data);
    if (transition) {
      const happened = { timeMs: Date.parse(transition.at), storedMs };
      if (cameLater(happened, moment)) came += 1;
      const { instance } = transition;
      if (counts(happened, moment)) {
        if (board.take({ transition, streamSeq: message.seq })) heads.set(instance, transition);
      } else if (!later.has(instance)) later.set(instance, transition);
      return true;
    }
    const action = parseAction(message.subject, message.data);
    // What people did was known as soon as it was stored, and had no effect before.
    if (action && storedMs <= moment.atMs) board.act({ action, streamSeq: message.seq, storedMs });
    return true;
  });
  return { board, heads, later, cameLater: came };
}
