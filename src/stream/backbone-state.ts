import type { EpochMs } from "../core/clock.ts";
import type { GatewayError } from "../core/errors.ts";

/** Whether there is a connection; for people, and the signal to start again. */
export type BackboneState =
  | {
      readonly kind: "connected";
      readonly since: EpochMs;
      readonly server: string;
      /** `2.9.10` */
      readonly serverVersion: string;
      /** The largest message, headers included, that the server takes. */
      readonly maxPayloadBytes: number;
    }
  | {
      readonly kind: "disconnected";
      readonly since: EpochMs;
      /** Why the last attempt failed or the connection ended; undefined before the first attempt. */
      readonly failure: GatewayError | undefined;
      /** When it is tried again; undefined before the first attempt. */
      readonly nextTryMs?: EpochMs;
    };
