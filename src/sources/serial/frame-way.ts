import type { Clock, Timer } from "../../core/clock.ts";
import {
  answeredAlready,
  type DeviceWay,
  type DeviceWrite,
  type WriteOutcome,
} from "../../core/device-write.ts";
import type { DeviceId } from "../../core/ids.ts";
import type { KeptLine } from "../lines/kept-line.ts";
import type { Framer } from "./framers/framer.ts";

export interface FrameWayParts {
  /** The only device behind the line. */
  readonly device: DeviceId;
  readonly line: Pick<KeptLine, "isOpen" | "restart" | "state" | "write">;
  readonly framer: Pick<Framer, "wrap">;
  readonly maxBytes: number;
  readonly clock: Clock;
}

/** The last byte may be on its way when the time is over. */
const graceMs = 500;

/**
 * Writes frames to the device of a line. No line tells whether they were read.
 *
 * What a line did not take in time would leave whenever the other side lets it, hours later, with all
 * that was written behind it. So the line is closed, which throws it away.
 */
export class FrameWay implements DeviceWay {
  readonly #parts: FrameWayParts;

  constructor(parts: FrameWayParts) {
    this.#parts = parts;
  }

  reaches(device: DeviceId, write: DeviceWrite): "now" | "later" | "never" {
    if (device !== this.#parts.device || write.kind !== "frame") return "never";
    return this.#parts.line.isOpen ? "now" : "later";
  }

  async write(device: DeviceId, write: DeviceWrite, signal: AbortSignal): Promise<WriteOutcome> {
    const { clock, framer, line, maxBytes } = this.#parts;
    if (write.kind !== "frame" || device !== this.#parts.device)
      return { outcome: "refused", text: `a line takes frames for ${this.#parts.device} only` };
    const bytes = framer.wrap(write.payload);
    if (bytes.length > 2 * maxBytes)
      return { outcome: "refused", text: `the frame is longer than limits.max_frame` };
    if (!line.isOpen || signal.aborted)
      return { outcome: "absent", text: line.state.reason ?? "the line is not open" };
    return new Promise((resolve) => {
      const unknown = (text: string): void => resolve({ outcome: "unknown", text });
      let grace: Timer | undefined;
      const abort = (): void => {
        if (signal.reason !== answeredAlready)
          grace = clock.setTimer(graceMs, () => line.restart("it did not take a frame in time"));
        unknown("the line did not take all of it in time");
      };
      signal.addEventListener("abort", abort, { once: true });
      line
        .write(bytes)
        .then(
          () => resolve({ outcome: "sent" }),
          () => unknown("the line went while it was being written"),
        )
        .finally(() => {
          signal.removeEventListener("abort", abort);
          grace?.cancel();
        });
    });
  }
}
