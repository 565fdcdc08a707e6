import { describe, expect, it } from "vitest";
import { plugPort } from "../../support/plug-port.ts";
import { waitUntil } from "../../support/wait-until.ts";
import { openKeptLine } from "./open-kept-line.ts";

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
