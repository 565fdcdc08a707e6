import { describe, expect, it } from "vitest";
import { systemClock } from "../../../src/app/system-clock.ts";
import { toDeviceId } from "../../../src/core/ids.ts";
import { FrameWay } from "../../../src/sources/serial/frame-way.ts";
import { plugPort } from "../../support/plug-port.ts";
import { waitUntil } from "../../support/wait-until.ts";
import { openKeptLine } from "../lines/open-kept-line.ts";

const device = toDeviceId("valve");
const [stop, go] = ["\x13", "\x11"];

describe("a frame that its line did not take in time", () => {
  it("does not leave when the other side lets the line write again", async () => {
    const port = await plugPort();
    const { happened, line } = openKeptLine({ path: port.path, flow: "xon-xoff" });
    await waitUntil(() => line.isOpen, "it is open");
    const framer = { wrap: (payload: Uint8Array) => payload };
    const way = new FrameWay({ device, line, framer, maxBytes: 64, clock: systemClock });
    const write = (text: string, signal: AbortSignal) =>
      way.write(device, { kind: "frame", payload: Buffer.from(text) }, signal);
    await port.say(stop);
    let outcome = "";
    // The system has no say in when it reads what holds the line, so it is tried until it is held.
    for (let nth = 0; outcome !== "unknown"; nth += 1)
      ({ outcome } = await write(`free ${nth}\n`, AbortSignal.timeout(300)));
    await waitUntil(() => happened.at(-1) !== "opened", "the line is closed");
    await waitUntil(() => line.isOpen, "the line is open again");
    const last = port.heard.toString().split("\n").length - 1;
    await port.say(go);
    await waitUntil(async () => {
      const { outcome: now } = await write("now\n", AbortSignal.timeout(5_000));
      return now === "sent";
    }, "it writes again");
    await waitUntil(() => port.heard.includes("now"), "it arrives");
    expect(port.heard.toString()).not.toContain(`free ${last}\n`);
    expect(happened).toContain("it did not take a frame in time");
  });
});
