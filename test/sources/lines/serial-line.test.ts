import { describe, expect, it, onTestFinished } from "vitest";
import { openSerialLine } from "../../../src/sources/lines/serial-line.ts";
import { plugPort } from "../../support/plug-port.ts";
import { waitUntil } from "../../support/wait-until.ts";
import { lineOptions, openKeptLine } from "./open-kept-line.ts";

const everyByte = Buffer.from(Array.from({ length: 256 }, (_, at) => at));

describe("a serial line", () => {
  it("carries every byte in both directions as it is", async () => {
    const port = await plugPort();
    const open = openKeptLine({ path: port.path, baud: 115_200 });
    await waitUntil(() => open.line.isOpen, "it is open");
    await port.say(everyByte);
    await open.line.write(everyByte);
    await waitUntil(() => port.heard.length === 256 && open.heard.length === 256, "all is heard");
    expect(port.heard).toEqual(everyByte);
    expect(open.heard).toEqual(everyByte);
  });

  it("notices that it was unplugged, says so once, and is open again when it is back", async () => {
    const port = await plugPort();
    const open = openKeptLine({ path: port.path });
    await waitUntil(() => open.line.isOpen, "it is open");
    await port.unplug();
    await waitUntil(() => !open.line.isOpen, "the loss is noticed");
    await port.plug();
    await waitUntil(() => open.line.isOpen, "it is open again");
    await port.say("hello");
    await waitUntil(() => open.heard.length === 5, "it is heard again");
    expect(open.happened).toEqual(["opened", "it was unplugged", "opened"]);
    expect(open.sink.changes).toMatchObject([
      { client: port.path, state: "online", cause: "connect" },
      { client: port.path, state: "offline", text: "it was unplugged" },
      { client: port.path, state: "online" },
    ]);
  });

  it("is closed at any moment in which a device takes nothing that is written", async () => {
    const port = await plugPort();
    port.standStill();
    const options = lineOptions({ path: port.path });
    const place = { path: port.path, realPath: await port.realPath() };
    for (let round = 0; round < 20; round += 1) {
      const ear = { data: () => {}, closed: () => {} };
      const line = await openSerialLine(place, options, ear, () => {});
      const written = line.write(Buffer.alloc(200_000)).catch((failure) => String(failure));
      for (let turns = 0; turns < round; turns += 1) await new Promise(setImmediate);
      await line.close();
      expect(await written).toContain("cannot be written to");
    }
  });

  it("has the parity of seven bits checked where it has a wire", async () => {
    const port = await plugPort();
    const heard: Buffer[] = [];
    const ear = { data: (bytes: Uint8Array) => heard.push(Buffer.from(bytes)), closed: () => {} };
    const options = lineOptions({ path: port.path, data_bits: 7, parity: "even" });
    const place = { path: port.path, realPath: "/dev/ttyUSB0" };
    const line = await openSerialLine(place, options, ear, () => {});
    onTestFinished(() => line.close());
    await port.say(Buffer.from("b1303130", "hex"));
    await waitUntil(() => Buffer.concat(heard).length === 4, "it is heard");
    expect(Buffer.concat(heard).toString("hex")).toBe("31301a30");
    await line.write(Buffer.from("10"));
    await waitUntil(() => port.heard.length === 2, "it is written");
    expect(port.heard.toString("hex")).toBe("b130");
  });

  it("is refused to a second source of the process, by whatever name, and is its own when the first leaves", async () => {
    const port = await plugPort();
    const first = openKeptLine({ path: port.path }, { source: "serial gps" });
    await waitUntil(() => first.line.isOpen, "the first has it");
    const second = openKeptLine({ path: await port.realPath() }, { source: "modbus bus" });
    await waitUntil(() => second.line.state.reason !== undefined, "the second is refused");
    expect(second.line.state.reason).toContain("is in use by the source serial gps");
    await first.line.stop();
    await waitUntil(() => second.line.isOpen, "the second has it");
  });
});
