import type { EpochMs } from "./clock.ts";

/** Who was refused something, what it was, and which limit it was against; what is known of it. */
export interface RefusalFacts {
  readonly address?: string | undefined;
  readonly user?: string | undefined;
  readonly client?: string | undefined;
  /** MQTT's name of the packet: `PUBLISH`. */
  readonly packet?: string | undefined;
  readonly topic?: string | undefined;
  /** Size of the packet, or of what waits. */
  readonly bytes?: number | undefined;
  /** The limit by its name, in the configuration where it can be set there. */
  readonly limit?: string | undefined;
  /** Its value, in the unit that its name or `bytes` says. */
  readonly atMost?: number | undefined;
}

/** What a source refused for one reason since it was started. */
export interface Refusal {
  /** What became of it: `refused a client`. */
  readonly what: string;
  /** One word, the label of the metric. */
  readonly reason: string;
  readonly count: number;
  /** When it was done last, gateway time. */
  readonly lastMs: EpochMs;
  readonly last: RefusalFacts;
}
