/**
 * Which of the sources leads to a device: the one that it was heard on last; where it was not heard
 * since the start, the one that has it, or the only one that could lead there.
 */
import type { DeviceWay, DeviceWrite, WriteOutcome } from "../core/device-write.ts";
import type { DeviceId } from "../core/ids.ts";
import type { Source } from "../core/message.ts";

type WaySource = Pick<Source, "link" | "name" | "toDevices">;

interface FoundWay {
  readonly way: DeviceWay;
  readonly reach: "now" | "later";
}

export class DeviceWays implements DeviceWay {
  readonly #sources: readonly WaySource[];
  readonly #heardOn: { sourceOf(device: DeviceId): string | undefined };

  /** `sources` may grow. */
  constructor(
    sources: readonly WaySource[],
    heardOn: { sourceOf(device: DeviceId): string | undefined },
  ) {
    this.#sources = sources;
    this.#heardOn = heardOn;
  }

  reaches(device: DeviceId, write: DeviceWrite): "now" | "later" | "never" {
    const found = this.#find(device, write);
    return typeof found === "string" ? found : found.reach;
  }

  async write(device: DeviceId, write: DeviceWrite, signal: AbortSignal): Promise<WriteOutcome> {
    const found = this.#find(device, write);
    if (typeof found === "object") return found.way.write(device, write, signal);
    return { outcome: "absent", text: words[found] };
  }

  #find(device: DeviceId, write: DeviceWrite): FoundWay | "later" | "never" {
    const heard = this.#heardOn.sourceOf(device);
    let known: FoundWay | undefined;
    let first: FoundWay | undefined;
    let count = 0;
    for (const { link, name, toDevices: way } of this.#sources) {
      const reach = way?.reaches(device, write) ?? "never";
      if (way === undefined || reach === "never") continue;
      if (name === heard) return { way, reach };
      count += 1;
      first ??= { way, reach };
      // Where devices come by themselves, "now" means that this one is there.
      if (reach === "now" && link === undefined) known ??= { way, reach };
    }
    if (count === 0 || first === undefined) return "never";
    return known ?? (count === 1 ? first : "later");
  }
}

const words = {
  never: "no source of this gateway leads to it",
  later: "it was not heard since the start, and several sources could lead to it",
};
