/** The watermarks of a gateway, joined by hand. */
import type { EpochMs } from "../core/clock.ts";
import type { GatewayTime } from "../core/gateway-time.ts";
import type { RecordLog } from "../core/record-log.ts";
import { untilDurable } from "../core/until-durable.ts";
import type { Recalled } from "../gateway/gateway-memory.ts";
import type { Ingest } from "../gateway/ingest.ts";
import { Watermarks } from "../gateway/watermarks.ts";
import type { RoleSurroundings } from "./role.ts";

export interface WatermarkParts {
  readonly ingest: Ingest;
  /** The last `t` this log promised; undefined for a new log. */
  readonly lastMs: EpochMs | undefined;
  readonly log: RecordLog;
  readonly recalled: Recalled;
  readonly time: GatewayTime;
  /** True while a source holds clients back. */
  readonly holding: () => boolean;
}

export function gatewayWatermarks(
  { clock, logger, site }: RoleSurroundings,
  { holding, ingest, lastMs, log, recalled, time }: WatermarkParts,
): Watermarks {
  const { catch_up, watermark_every } = site.config.time;
  return new Watermarks({
    ...{ clock, holding, lastMs, time },
    logger: logger("gateway"),
    everyMs: watermark_every,
    catchUpMs: catch_up,
    believeAfterMs: recalled.knewTime ? 0 : undefined,
    sayAlive: () => ingest.own({ kind: "status", data: { state: "online", cause: "clock-unset" } }),
    append(data) {
      const seq = ingest.own({ kind: "watermark", data });
      void untilDurable(log, seq).then(recalled.settle);
      return seq;
    },
    durableSeq: () => log.durableSeq,
  });
}
