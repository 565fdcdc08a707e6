/** How much the alerts of a span ask of people, read out of their stream when somebody asks. */
import { AlarmCounter } from "../../../alerts/alarm-figures.ts";
import type { AlertView } from "../../../alerts/alert-view.ts";
import type { AlertFigures } from "../../../api/shapes/alert.ts";
import type { EpochMs } from "../../../core/clock.ts";
import { alertsStream } from "../../../core/subject.ts";
import { readStreamFacts } from "../../../stream/message-get.ts";
import { parseAction } from "../../../stream/parse-action.ts";
import { parseStoredTransition } from "../../../stream/parse-transition.ts";
import { readMatching } from "../../../stream/read-subject.ts";
import type { Connection } from "../over-backbone.ts";

const dayMs = 86_400_000;
const mostTop = 10;
/** Episodes of which it is known when they were learned. */
const mostEpisodes = 100_000;
/** An event may be stored so much later than its alert says that it fired, and still be found. */
const marginMs = 3_600_000;

export async function readAlarmFigures(
  connection: Connection,
  { fromMs, toMs }: { readonly fromMs: EpochMs; readonly toMs: EpochMs },
  views: Iterable<AlertView>,
): Promise<AlertFigures> {
  const counter = new AlarmCounter(fromMs, toMs);
  const byRule = new Map<string, number>();
  const waiting = new Map<string, EpochMs>();
  const ackMs: number[] = [];
  if (await readStreamFacts(connection, alertsStream)) {
    const wish = { from: { storedMs: fromMs - marginMs }, natsSubjectFilter: "alert.>" };
    await readMatching(connection, alertsStream, wish, (message) => {
      const storedMs = message.time.getTime();
      const transition = parseStoredTransition(message.subject, message.data);
      if (transition) {
        const { episode, fired_at, n, rule, state } = transition;
        const firedMs = Date.parse(fired_at);
        counter.take(transition);
        if (state !== "firing" || n !== 1 || !(firedMs >= fromMs && firedMs < toMs)) return true;
        byRule.set(rule, (byRule.get(rule) ?? 0) + 1);
        if (waiting.size < mostEpisodes) waiting.set(episode, storedMs);
        return true;
      }
      const action = parseAction(message.subject, message.data);
      const sinceMs = waiting.get(action?.episode ?? "");
      if (action?.verb !== "ack" || sinceMs === undefined) return true;
      waiting.delete(action.episode ?? "");
      ackMs.push(storedMs - sinceMs);
      return true;
    });
  }
  const { activations, chattering, floodShare, perHour } = counter.figures();
  const top = [...byRule].sort(([, one], [, other]) => other - one).slice(0, mostTop);
  let standing = 0;
  for (const { standingSinceMs } of views)
    if (standingSinceMs !== undefined && toMs - standingSinceMs > dayMs) standing += 1;
  return {
    ...{ fromMs, toMs, floodShare, standing },
    alerts: activations,
    per10Min: perHour / 6,
    top: top.map(([rule, count]) => ({ rule, count, share: count / Math.max(1, activations) })),
    flapping: chattering.length,
    meanAckMs: ackMs.length === 0 ? null : ackMs.reduce((sum, one) => sum + one, 0) / ackMs.length,
  };
}
