/** RTU on a real port, at the pace of 9,600 baud. */
import { describe, expect, it } from "vitest";
import { checksumOf } from "../../../src/core/checksums.ts";
import { plugPort } from "../../support/plug-port.ts";
import { waitUntil } from "../../support/wait-until.ts";
import { openBus, planOf } from "./open-bus.ts";
import { withCrc } from "./played-bus.ts";
import { answerOf, registers } from "./played-device.ts";

const request = 8;

describe("a bus on a serial port", () => {
  it("is asked, and asked again once its adapter is back", async () => {
    const port = await plugPort();
    const meter = { tables: { input: registers(0, 0x4366, 0x3334) } };
    let answered = 0;
    const answer = async (): Promise<void> => {
      while (port.heard.length >= (answered + 1) * request) {
        const frame = port.heard.subarray(answered * request, (answered + 1) * request);
        answered += 1;
        expect(checksumOf("crc16-modbus", frame)).toBe(0);
        await port.say(
          withCrc(Buffer.from([frame[0] ?? 0, ...answerOf(meter, frame.subarray(1, -2))])),
        );
      }
    };
    const plan = planOf([{ name: "u", at: 0, type: "f32", table: "input" }]);
    const { polled, source } = await openBus({ path: port.path }, [1], plan, { timeout: "1s" });
    const brought = (count: number): Promise<true> =>
      waitUntil(async () => {
        await answer();
        return polled("m1").length >= count;
      }, `${count} polls are answered`);
    await brought(2);
    expect(polled("m1")[0]).toEqual({ input: { 0: "43663334" } });
    await port.unplug();
    await waitUntil(() => source.link?.isConnected === false, "the loss is noticed");
    await port.plug();
    answered = 0;
    await brought(polled("m1").length + 1);
  });
});
