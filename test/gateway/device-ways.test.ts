import { describe, expect, test } from "vitest";
import type { DeviceWrite } from "../../src/core/device-write.ts";
import { type DeviceId, toDeviceId } from "../../src/core/ids.ts";
import type { LinkState } from "../../src/core/message.ts";
import { DeviceWays } from "../../src/gateway/device-ways.ts";
import { HeardOn } from "../../src/gateway/heard-on.ts";
import { messageOf } from "../support/send-to-device.ts";

const plug = toDeviceId("plug");
const on = messageOf("cmnd/plug/POWER", "ON");
const frame: DeviceWrite = { kind: "frame", payload: Buffer.from("x") };
const { signal } = new AbortController();
const connected: LinkState = { isConnected: true, sinceMs: 0, reason: undefined };

interface Played {
  readonly name: string;
  readonly reach: "now" | "later" | "never";
  readonly link?: LinkState;
}

function waysOver(sources: readonly Played[], heard?: string) {
  const wrote: string[] = [];
  const ways = new DeviceWays(
    sources.map(({ name, reach, ...link }) => ({
      name,
      ...link,
      toDevices: {
        reaches: (_: DeviceId, { kind }: DeviceWrite) => (kind === "message" ? reach : "never"),
        write: async (device: DeviceId) => {
          wrote.push(`${name} ${device}`);
          return { outcome: "sent" } as const;
        },
      },
    })),
    { sourceOf: () => heard },
  );
  return { ways, wrote };
}

describe("the way to a device", () => {
  test("is the source that it was heard on last, also while nobody is there", async () => {
    const sources: Played[] = [
      { name: "a", reach: "now" },
      { name: "b", reach: "later" },
    ];
    const { ways, wrote } = waysOver(sources, "b");
    expect(ways.reaches(plug, on)).toBe("later");
    await ways.write(plug, on, signal);
    expect(wrote).toEqual(["b plug"]);
  });

  test("is the only source that could lead there, where it was not heard", async () => {
    const { ways } = waysOver([
      { name: "a", reach: "never" },
      { name: "b", reach: "now" },
    ]);
    expect(ways.reaches(plug, on)).toBe("now");
  });

  test("is where it is connected, and not a broker that may have it", async () => {
    const { ways, wrote } = waysOver([
      { name: "outside", reach: "now", link: connected },
      { name: "own", reach: "now" },
    ]);
    await ways.write(plug, on, signal);
    expect(wrote).toEqual(["own plug"]);
  });

  test("is not guessed among several", async () => {
    const { ways, wrote } = waysOver([
      { name: "outside", reach: "now", link: connected },
      { name: "own", reach: "later" },
    ]);
    expect(ways.reaches(plug, on)).toBe("later");
    expect(await ways.write(plug, on, signal)).toMatchObject({ outcome: "absent" });
    expect(wrote).toEqual([]);
  });

  test("is none where no source takes such a write", async () => {
    const { ways } = waysOver([{ name: "own", reach: "now" }]);
    expect(ways.reaches(plug, frame)).toBe("never");
    expect(await ways.write(plug, frame, signal)).toEqual({
      outcome: "absent",
      text: "no source of this gateway leads to it",
    });
  });
});

test("a device is heard on the last of its sources, and from the last of its clients", () => {
  const heardOn = new HeardOn();
  const message = (source: string, client: string | undefined) => ({
    ...{ source, client, address: "t", device: undefined, attributes: {} },
    ...{ payload: new Uint8Array(), receivedMs: 0 },
  });
  heardOn.note(plug, message("a", "c1"));
  heardOn.note(plug, message("b", undefined));
  expect(heardOn.sourceOf(plug)).toBe("b");
  expect(heardOn.clientOf(plug)).toBeUndefined();
  heardOn.note(plug, message("b", "c2"));
  expect(heardOn.clientOf(plug)).toBe("c2");
  expect(heardOn.sourceOf(toDeviceId("other"))).toBeUndefined();
});
