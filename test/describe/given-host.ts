import type { DeviceWrite } from "../../src/core/device-write.ts";
import type { DeviceId } from "../../src/core/ids.ts";
import { silentLogger } from "../../src/core/logger.ts";
import { type MessageAttributes, noAttributes } from "../../src/core/message.ts";
import { Refusals } from "../../src/describe/refusals.ts";
import { SparkplugHost } from "../../src/describe/sparkplug/host.ts";
import { readPayload } from "../../src/normalize/codecs/sparkplug/payload.ts";
import type { NormalizedEvent } from "../../src/normalize/normalized.ts";
import { createNormalizer } from "../../src/normalize/normalizer.ts";
import { Findings } from "../../src/normalize/walk/findings.ts";
import { encodePayload, type SentMetric } from "../../src/simulate/sparkplug/encode-payload.ts";
import { givenCatalog } from "../normalize/given.ts";
import { ManualClock } from "../support/manual-clock.ts";

/** When all of these tests begins. */
export const t0 = Date.UTC(2026, 10, 21, 14, 0, 0);

/** A message of a node `press` in the group `plant`; `to` is `NDATA`, `DDATA/feeder`. */
export interface Said {
  readonly to: string;
  readonly seq?: number;
  readonly metrics?: readonly SentMetric[];
  /** When it says that it was sent; default: when it is received. */
  readonly timeMs?: number;
  readonly receivedMs?: number;
  readonly attributes?: MessageAttributes;
  readonly owner?: DeviceId;
  readonly payload?: Uint8Array;
}

/** What became of a message: an event a line, or why there is none. */
export type Became = readonly unknown[] | string;

/** A host application behind the road of messages, and what it asked of nodes. */
export function givenHost() {
  const clock = new ManualClock(t0);
  const refusals = new Refusals(clock, silentLogger);
  const asked: { topic: string; metrics: unknown }[] = [];
  const unread = new Findings();
  const host = new SparkplugHost({
    ...{ clock, refusals },
    isConfigured: () => false,
    send: (_, write: DeviceWrite) => {
      if (write.kind !== "message") return;
      const payload = readPayload(write.payload);
      asked.push({ topic: write.topic, metrics: "problem" in payload ? [] : payload.metrics });
    },
    described: () => {},
  });
  const catalog = givenCatalog({});
  const limits = {
    catalog,
    maxSkewMs: 300_000,
    maxAgeMs: 30 * 86_400_000,
    maxRejectedBytes: 4_096,
  };
  const live = createNormalizer({ ...limits, sessions: host, unread });
  const again = createNormalizer({ ...limits, sessions: host.reader });

  const read = (normalize: typeof live, said: Said): Became => {
    const { attributes = noAttributes, metrics = [], owner, receivedMs = t0, seq, to } = said;
    const [type = "", device] = to.split("/");
    const levels = ["spBv1.0", "plant", type, "press", ...(device === undefined ? [] : [device])];
    const payload =
      said.payload ??
      encodePayload({
        timeMs: said.timeMs ?? receivedMs,
        metrics,
        ...(seq !== undefined && { seq }),
      });
    const became = normalize(
      {
        ...{ source: "test", address: levels.join("/"), payload, receivedMs, client: "press" },
        ...{ device: owner, attributes },
      },
      true,
    );
    if (became.passedOver !== undefined)
      return `${became.passedOver} ${became.filter ?? ""}`.trim();
    return [became, ...(became.more ?? [])].map(lineOf);
  };

  return {
    ...{ asked, clock, host, refusals, unread },
    say: (said: Said) => read(live, said),
    sayAgain: (said: Said) => read(again, said),
    topic: (address: string, payload: string) =>
      live(
        {
          ...{ source: "test", address, payload: Buffer.from(payload), receivedMs: t0 },
          ...{ client: "other", device: undefined, attributes: noAttributes },
        },
        true,
      ),
  };
}

/** An event in short: whose, what, and when if it is not now. */
function lineOf({ event }: NormalizedEvent): unknown {
  const { device, extensions = {}, kind, timeMs } = event;
  const marks = { ...(timeMs !== t0 && { at: timeMs - t0 }), ...extensions };
  if (kind === "status") return { device, state: event.data.state, ...marks };
  if (kind === "rejection") return { device, rejected: event.data.reason, ...marks };
  if (kind !== "measurement") return { device, kind };
  const values = event.data.map(({ name, quality, unit, value }) => [
    [name, unit, quality === "good" ? undefined : quality].filter(Boolean).join(" "),
    value,
  ]);
  return { device, ...Object.fromEntries(values), ...marks };
}
