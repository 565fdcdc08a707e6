import { describe, expect, test } from "vitest";
import { mqttBroker } from "../../support/mqtt-broker.ts";
import { type PeerOptions, peer } from "../../support/mqtt-peer.ts";

type Will = NonNullable<PeerOptions["will"]>;

async function watched(will: Will, more: PeerOptions = {}) {
  const { port } = await mqttBroker();
  const watcher = await peer(port);
  await watcher.subscribe(["will/#", 2]);
  const device = await peer(port, { clientId: "device", will, ...more });
  return { port, watcher, device };
}

const will: Will = { topic: "will/device", payload: "gone", qos: 1 };

/** The next delivery to the watcher. */
async function comes(watcher: Awaited<ReturnType<typeof peer>>): Promise<unknown> {
  const packet = await watcher.next();
  return packet.cmd === "publish"
    ? `${packet.payload} q${packet.qos} ${packet.retain}`
    : packet.cmd;
}

describe("a will", () => {
  test("is delivered when its client is cut off [MQTT-3.1.2-8]", async () => {
    const { watcher, device } = await watched(will);
    await device.vanish();
    expect(await comes(watcher)).toBe("gone q1 false");
  });

  test("is delivered when its client breaks the rules [MQTT-3.1.2-8, 4.8.0-1]", async () => {
    const { watcher, device } = await watched(will);
    device.socket.write(Buffer.of(0xf0, 0));
    await device.closed;
    expect(await comes(watcher)).toBe("gone q1 false");
  });

  test("is delivered when its client is silent for too long [MQTT-3.1.2-8, 3.1.2-24]", async () => {
    const { watcher, device } = await watched(will, { keepalive: 1 });
    await device.closed;
    expect(await comes(watcher)).toBe("gone q1 false");
  });

  test("is delivered when its client is taken over [MQTT-3.1.4-2, 3.1.2-8]", async () => {
    const { port, watcher } = await watched(will);
    await peer(port, { clientId: "device" });
    expect(await comes(watcher)).toBe("gone q1 false");
  });

  test.each([0, 1, 2] as const)("is delivered at its QoS %i [MQTT-3.1.2-14]", async (qos) => {
    const { watcher, device } = await watched({ ...will, qos });
    await device.vanish();
    expect(await comes(watcher)).toBe(`gone q${qos} false`);
  });

  test("is dropped at DISCONNECT [MQTT-3.1.2-10, 3.14.4-3]", async () => {
    const { watcher, device } = await watched(will);
    await device.leave();
    expect(await watcher.all()).toEqual([]);
  });

  test("is retained when it says so, and not otherwise [MQTT-3.1.2-16, 3.1.2-17]", async () => {
    for (const retain of [true, false]) {
      const { port, watcher, device } = await watched({ ...will, retain });
      await device.vanish();
      expect(await comes(watcher)).toBe("gone q1 false");
      const later = await peer(port);
      await later.subscribe(["will/device", 1]);
      expect(await later.deliveries()).toEqual(retain ? ["will/device=gone q1 retain"] : []);
    }
  });

  test("that is empty is delivered empty [MQTT-3.1.2-8]", async () => {
    const { watcher, device } = await watched({ ...will, payload: "" });
    await device.vanish();
    expect(await comes(watcher)).toBe(" q1 false");
  });
});
