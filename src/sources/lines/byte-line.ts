/** A line that carries bytes in both directions: a serial port, or a TCP connection in its place. */

/** Whoever listens to a line. */
export interface LineEar {
  /** Bytes as they came; they are the listener's own. */
  data(bytes: Uint8Array): void;
  /** The line is gone, for good: unplugged, closed by the other side. Once, and nothing after it. */
  closed(reason: string): void;
}

/** A line that is open. */
export interface ByteLine {
  /** `/dev/ttyUSB0`, `tcp://10.0.0.7:3001`. */
  readonly path: string;
  /**
   * Resolves when the bytes have left this machine, as far as can be known; rejects with
   * `source.unavailable` when the line is gone. Calls are served in order.
   */
  write(bytes: Uint8Array): Promise<void>;
  /** Stops reading until `resume`; what the system holds meanwhile is bounded by the system. */
  pause(): void;
  resume(): void;
  /** Resolves when another may open it. The ear hears nothing afterwards. */
  close(): Promise<void>;
}

/** Opens the line once. Rejects with `source.unavailable`, in words that say what to do. */
export type OpenLine = (ear: LineEar) => Promise<ByteLine>;
