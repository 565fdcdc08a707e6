/** The lines of all devices that have a command; each runs by itself. */
import type { DeviceId } from "../core/ids.ts";
import { DeviceLine, type LineSurroundings } from "./device-line.ts";
import type { CommandsInHand } from "./in-hand.ts";
import type { OpenCommand } from "./open-command.ts";

const sweepMs = 1_000;
/** Many devices come at once after an outage; each of them wakes all lines. */
const wakeTogetherMs = 100;

export class DeviceLines {
  readonly #deps: LineSurroundings;
  /** All commands without a final step. */
  readonly #open: Pick<CommandsInHand, "count" | "values">;
  readonly #lines = new Map<DeviceId, DeviceLine>();
  #isSweeping = false;
  #isWaking = false;

  constructor(open: Pick<CommandsInHand, "count" | "values">, deps: LineSurroundings) {
    this.#open = open;
    this.#deps = deps;
  }

  lengthOf(device: DeviceId): number {
    return this.#lines.get(device)?.length ?? 0;
  }

  bytesOf(device: DeviceId): number {
    return this.#lines.get(device)?.bytes ?? 0;
  }

  add(open: OpenCommand): void {
    const { device } = open.course.command;
    const line = this.#lines.get(device) ?? new DeviceLine(device, this.#deps);
    this.#lines.set(device, line);
    line.add(open);
    this.#sweepLater();
  }

  /** Something changed for this device. */
  wake(device: DeviceId): void {
    this.#lines.get(device)?.wake();
  }

  /** Something changed for any; they look soon, once for all that changed until then. */
  wakeAll(): void {
    const { clock, signal } = this.#deps;
    if (this.#isWaking || this.#lines.size === 0 || signal.aborted) return;
    this.#isWaking = true;
    clock.setTimer(wakeTogetherMs, () => {
      this.#isWaking = false;
      for (const line of this.#lines.values()) line.wake();
    });
  }

  /** Resolves once nothing is under way, after the signal. */
  async ended(): Promise<void> {
    await Promise.all(Array.from(this.#lines.values(), (line) => line.ended()));
  }

  /** Ends what expired while it stood behind others. */
  #sweepLater(): void {
    const { apply, clock, remainingMs, signal } = this.#deps;
    if (this.#isSweeping || signal.aborted) return;
    this.#isSweeping = true;
    clock.setTimer(sweepMs, () => {
      this.#isSweeping = false;
      if (signal.aborted) return;
      for (const open of this.#open.values())
        if (open.isWaiting && remainingMs(open) <= 0) {
          apply(open, { is: "expired" });
          this.wake(open.course.command.device);
        }
      for (const [device, line] of this.#lines) if (line.length === 0) this.#lines.delete(device);
      if (this.#open.count > 0) this.#sweepLater();
    });
  }
}
