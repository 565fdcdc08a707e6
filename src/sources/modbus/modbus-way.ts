/** The direction of a bus that leads to its members. */
import type { DeviceWay, DeviceWrite, WriteOutcome } from "../../core/device-write.ts";
import type { DeviceId } from "../../core/ids.ts";
import { type Bus, rankOfWrites } from "./bus.ts";
import type { Channel } from "./channel.ts";
import type { Member } from "./member.ts";
import { outcomeOf, writeRequest } from "./write-request.ts";

export interface ModbusWayDeps {
  readonly members: ReadonlyMap<DeviceId, Member>;
  readonly bus: Bus;
  readonly channel: Channel;
  readonly timeoutMs: number;
}

/** Nothing is written twice: whether a write that was not answered is tried again is for others to say. */
export class ModbusWay implements DeviceWay {
  readonly #deps: ModbusWayDeps;

  constructor(deps: ModbusWayDeps) {
    this.#deps = deps;
  }

  reaches(device: DeviceId, write: DeviceWrite): "now" | "later" | "never" {
    const { channel, members } = this.#deps;
    const member = members.get(device);
    if (member === undefined || write.kind !== "registers") return "never";
    return channel.isOpen && member.state !== "offline" ? "now" : "later";
  }

  async write(device: DeviceId, write: DeviceWrite, signal: AbortSignal): Promise<WriteOutcome> {
    const { bus, members, timeoutMs } = this.#deps;
    const member = members.get(device);
    if (member === undefined || write.kind !== "registers")
      return { outcome: "absent", text: `${device} is none of this bus, or takes no such write` };
    const request = writeRequest(member.unit, write);
    if ("problem" in request) return { outcome: "refused", text: request.problem };
    const answered = bus.ask(member, request, { rank: rankOfWrites, signal, timeoutMs });
    const outcome = answered.then(outcomeOf);
    return Promise.race([outcome, givenUp(signal)]);
  }
}

/** What was not sent is given up by the bus, which says so first. */
function givenUp(signal: AbortSignal): Promise<WriteOutcome> {
  return new Promise((resolve) => {
    const end = (): void => {
      setImmediate(() =>
        resolve({ outcome: "unknown", text: "it was sent, and its answer was not waited for" }),
      );
    };
    if (signal.aborted) end();
    else signal.addEventListener("abort", end, { once: true });
  });
}
