import type { OwnAlarm } from "./own-alarm.ts";

/** An alert about a gateway that is judged by what the gateway says itself. */
export interface GatewayAlert {
  readonly alarm: OwnAlarm;
  /** A watermark: gateway time is `tMs`. */
  pass(tMs: number): void;
}
