import { createServer } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";
import { openCable } from "../../src/simulate/cable.ts";
import { DeviceLink } from "../../src/simulate/device-link.ts";
import { ManualClock } from "../support/manual-clock.ts";
import { waitUntil } from "./mosquitto.ts";

/** A broker that speaks only when spoken to; behind each answer to a ping it puts a PUBACK. */
async function sparseBroker(): Promise<number> {
  const server = createServer((socket) => {
    socket.on("error", () => {});
    socket.on("data", (chunk) => {
      if (chunk[0] === 0x10) socket.write(Buffer.from([0x20, 2, 0, 0]));
      if (chunk[0] === 0xc0) socket.write(Buffer.from([0xd0, 0, 0x40, 2, 0, 1]));
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  onTestFinished(() => void server.close());
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

async function link() {
  const cable = await openCable({ host: "127.0.0.1", port: await sparseBroker() });
  const clock = new ManualClock();
  const seen = { ups: 0, downs: 0, acks: 0 };
  const device = new DeviceLink(
    {
      broker: { host: "127.0.0.1", port: cable.port },
      clientId: "motor-1",
      will: { topic: "sim/motor/motor-1/status", payload: "offline" },
      clock,
      random: () => 0.5,
    },
    {
      up: () => {
        seen.ups += 1;
      },
      down: () => {
        seen.downs += 1;
      },
      acked: () => {
        seen.acks += 1;
      },
    },
  );
  onTestFinished(() => cable.close());
  device.open();
  await waitUntil(() => device.isUp);
  return { cable, clock, device, seen };
}

describe("DeviceLink", () => {
  test("stays up over any time while the broker answers its pings", async () => {
    const { clock, device, seen } = await link();
    for (let turn = 1; turn <= 12; turn += 1) {
      await clock.advance(10_000);
      await waitUntil(() => seen.acks === turn);
    }
    expect(seen).toEqual({ ups: 1, downs: 0, acks: 12 });
    await device.close();
  });

  test("gives up a connection that swallows everything, and comes back", async () => {
    const { cable, clock, device, seen } = await link();
    cable.stall();
    await clock.advance(10_000);
    expect(device.isUp).toBe(true);
    await clock.advance(10_000);
    await waitUntil(() => seen.downs === 1);
    expect(device.trouble).toContain("does not answer");
    cable.resume();
    await waitUntil(async () => {
      await clock.advance(100);
      return device.isUp;
    });
    expect(seen).toMatchObject({ ups: 2, downs: 1 });
    expect(device.trouble).toBeUndefined();
    await device.close();
  });

  test("comes back no more once it was closed while down", async () => {
    const { cable, clock, device, seen } = await link();
    cable.unplug();
    await waitUntil(() => !device.isUp);
    await device.close();
    cable.plug();
    await clock.advance(60_000);
    expect(device.isUp).toBe(false);
    expect(seen).toMatchObject({ ups: 1, downs: 1 });
  });
});
