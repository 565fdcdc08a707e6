import type { DeviceWay, DeviceWrite, WriteOutcome } from "../../core/device-write.ts";
import type { DeviceId } from "../../core/ids.ts";
import type { KeptLine } from "../lines/kept-line.ts";
import type { Framer } from "./framers/framer.ts";

export interface FrameWayParts {
  /** The only device behind the line. */
  readonly device: DeviceId;
  readonly line: Pick<KeptLine, "isOpen" | "state" | "write">;
  readonly framer: Pick<Framer, "wrap">;
  readonly maxBytes: number;
}

/** Writes frames to the device of a line. No line tells whether they were read. */
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
    const { framer, line, maxBytes } = this.#parts;
    if (write.kind !== "frame" || device !== this.#parts.device)
      return { outcome: "refused", text: `a line takes frames for ${this.#parts.device} only` };
    const bytes = framer.wrap(write.payload);
    if (bytes.length > 2 * maxBytes)
      return { outcome: "refused", text: `the frame is longer than limits.max_frame` };
    if (!line.isOpen || signal.aborted)
      return { outcome: "absent", text: line.state.reason ?? "the line is not open" };
    return new Promise((resolve) => {
      const unknown = (text: string): void => resolve({ outcome: "unknown", text });
      const abort = (): void => unknown("the line did not take all of it in time");
      signal.addEventListener("abort", abort, { once: true });
      line
        .write(bytes)
        .then(
          () => resolve({ outcome: "sent" }),
          () => unknown("the line went while it was being written"),
        )
        .finally(() => signal.removeEventListener("abort", abort));
    });
  }
}
