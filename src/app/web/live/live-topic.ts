/** What flows, as it flows, for those who look; it costs nothing while nobody does. */
import type { Topic } from "../../../api/live/topic.ts";
import type { Clock } from "../../../core/clock.ts";
import { eventIdOf } from "../../../core/ids.ts";
import type { TapFacts } from "../../../core/taps.ts";
import type { TapHub } from "../../../telemetry/tap-hub.ts";
import type { GatewayFacts } from "../../gateway-facts.ts";
import { lookedAtTopic } from "../looked-at-topic.ts";
import { parseLiveFilter } from "./live-filter.ts";
import { parseLiveName } from "./live-name.ts";
import { liveRow, type SentEvent } from "./live-row.ts";
import { LiveRows } from "./live-rows.ts";
import type { LookingTime } from "./looking-time.ts";
import { followSent } from "./sent-records.ts";

const countEveryMs = 1_000;

export interface LiveParts {
  readonly clock: Clock;
  readonly taps: Pick<TapHub, "listen">;
  readonly facts: Pick<GatewayFacts, "origin" | "log">;
  /** Of all who look at what flows here. */
  readonly time: LookingTime;
}

/** The topic of that name; undefined where it is no name of one. */
export function liveTopic(
  name: string,
  { clock, facts, taps, time }: LiveParts,
): Topic | undefined {
  const wish = parseLiveName(name);
  if (wish === undefined) return undefined;
  const filter = parseLiveFilter(wish.filter);
  const rows = new LiveRows(clock, wish.perSecond, "fault" in filter ? filter.fault : null);
  const { origin } = facts;
  const count = (touch: (key: string) => void): void => {
    rows.count();
    touch("counts");
  };
  const ends: (() => void)[] = [];
  const end = (): void => {
    for (const each of ends) each();
  };
  const topic = lookedAtTopic(
    name,
    () => rows,
    clock,
    [{ everyMs: countEveryMs, run: count }],
    end,
  );
  if ("fault" in filter) return topic;
  const share = time.share();
  ends.push(share.end);
  const look = (device: string | null, shown: TapFacts, sent?: SentEvent): void => {
    if (!filter.wants(device, shown) || !rows.admits()) return;
    topic.touch(rows.add(liveRow(origin, device, shown, sent)));
  };
  const take = (device: string | null, shown: TapFacts, sent?: SentEvent): void => {
    if (!share.run(() => look(device, shown, sent))) rows.passOver();
  };
  const { stage } = wish;
  if (stage === "sent")
    ends.push(
      followSent(facts.log, clock, ({ position, ...event }, text) =>
        take(event.device, event, {
          id: eventIdOf(origin.gateway, position.run, position.seq),
          text,
        }),
      ),
    );
  else ends.push(taps.listen({ stage, take: (device, shown) => take(device, shown) }));
  return topic;
}
