/** What leads from a gateway to a device: one write, and how it went. */
import type { DeviceId } from "./ids.ts";

/** Tables that can be written to; as Modbus names them. */
export type WritableTable = "coil" | "holding";

/** One write, as the way to the device takes it. */
export type DeviceWrite =
  | {
      /** MQTT. */
      readonly kind: "message";
      readonly topic: string;
      readonly payload: Uint8Array;
      readonly qos: 0 | 1;
      readonly retain: boolean;
      /**
       * So long it is of use. A way that leaves it with a broker says so there, as far as it can; one that
       * does not know by then whether it arrived does all it can that it does not arrive later.
       */
      readonly validMs?: number;
    }
  | {
      /** A line: what goes into one frame, without what the line puts around it. */
      readonly kind: "frame";
      readonly payload: Uint8Array;
    }
  | {
      /** Modbus. A coil is 0 or 1, a register 0 to 65535. */
      readonly kind: "registers";
      readonly table: WritableTable;
      /** Of the first, from 0. */
      readonly at: number;
      readonly values: readonly number[];
      /** By function 5 or 6, which are for one value; 15 or 16 else. */
      readonly single: boolean;
    };

/**
 * How a write went. `absent` and `refused` promise that it had no effect; `unknown` that nobody can
 * tell.
 */
export type WriteOutcome =
  /** The other side said that it has it; `text` is what it said, for people. */
  | { readonly outcome: "delivered"; readonly text?: string }
  /** It left, and this way tells no more. */
  | { readonly outcome: "sent" }
  /** Nothing left: nobody is there. It may be tried again. */
  | { readonly outcome: "absent"; readonly text: string }
  /** The other side said no. */
  | { readonly outcome: "refused"; readonly text: string }
  /** It may have arrived: the answer is missing, or the connection broke. */
  | { readonly outcome: "unknown"; readonly text: string };

/** Why a write need not be waited for: the device has answered it. The reason of its signal then. */
export const answeredAlready = "the device has answered";

/** The direction of a source that leads to devices. */
export interface DeviceWay {
  /**
   * Whether a write for the device could leave now. `later`: the way is its own, but nobody is there.
   * `never`: it does not lead to this device, or takes no such write. Cheap; asked often.
   */
  reaches(device: DeviceId, write: DeviceWrite): "now" | "later" | "never";
  /**
   * Writes once. Never rejects, and resolves soon after `signal` is aborted. Writes to one device by one
   * way arrive in the order of the calls.
   */
  write(device: DeviceId, write: DeviceWrite, signal: AbortSignal): Promise<WriteOutcome>;
}
