/** What carries requests to units and brings their answers: RTU or ASCII on a line, or Modbus TCP. */
import type { LinkState } from "../../core/message.ts";
import type { Answer, ModbusRequest } from "./request.ts";

export interface Channel {
  readonly state: LinkState;
  readonly isOpen: boolean;
  /** So many requests may be under way at once; of one unit never more than one. */
  readonly mostUnderWay: number;
  /** An answer says to which request it is. */
  readonly isNumbered: boolean;
  /** Begins to open the line, and does not wait for it. */
  start(): void;
  /** Never rejects; resolves within a bounded time. */
  exchange(request: ModbusRequest, timeoutMs: number): Promise<Answer>;
  /** Opens the line again: its user has a reason to think that nothing goes through it. */
  restart(reason: string): void;
  stop(): Promise<void>;
}

/** What a channel sees beside the answers. */
export interface ChannelEar {
  /** The line is open, or gone. */
  changed(): void;
  /** So many bytes that nobody asked for. */
  unsolicited(bytes: number): void;
  /** A request that is not ours, of a unit. */
  otherMaster(unit: number): void;
  /** An answer to what is asked no more, or was never asked. */
  late(): void;
}
