/** Protocols whose messages mean nothing without those before them, as the road of a message sees them. */
import type { RawMessage } from "../core/message.ts";
import type { Normalized } from "./normalized.ts";
import type { ReadingLimits } from "./read-member.ts";

export interface SessionReader {
  /** Reads a message that no profile reads; undefined for one of another protocol. Never throws. */
  read(message: RawMessage, clockSynced: boolean, limits: ReadingLimits): Normalized | undefined;
}
