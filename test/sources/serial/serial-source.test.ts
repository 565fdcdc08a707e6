import { createServer, type Socket } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { systemClock } from "../../../src/app/system-clock.ts";
import { sleep } from "../../../src/core/clock.ts";
import { toDeviceId } from "../../../src/core/ids.ts";
import type { Logger } from "../../../src/core/logger.ts";
import type { Source } from "../../../src/core/message.ts";
import { serialOptions } from "../../../src/sources/serial/options.ts";
import { openSerialSource } from "../../../src/sources/serial/serial-source.ts";
import { RecordingSink } from "../../support/mqtt-broker.ts";
import { plugPort } from "../../support/plug-port.ts";
import { silentLogger } from "../../support/silence.ts";
import { sourceSurroundings } from "../../support/source-surroundings.ts";
import { waitUntil } from "../../support/wait-until.ts";

const scale = toDeviceId("scale");
const never = new AbortController().signal;

function open(
  fields: Record<string, unknown>,
  sink = new RecordingSink(),
  logger: Logger = silentLogger,
) {
  const options = serialOptions.parse({ kind: "serial", name: "s", framing: "lines", ...fields });
  const source = openSerialSource(options, sourceSurroundings({ sink, logger }));
  onTestFinished(() => source.stop());
  return { sink, source };
}

/** Open, and for so long that what comes next is the beginning of a frame. */
async function openAndQuiet(source: Source): Promise<void> {
  await waitUntil(() => source.link?.isConnected === true, "it is open");
  await sleep(systemClock, 120);
}

describe("a serial source", () => {
  it("hands damaged frames over as such, counts them by what is wrong, and goes on", async () => {
    const port = await plugPort();
    const { sink, source } = open({
      path: port.path,
      device: "scale",
      checksum: { kind: "xor", written: "hex", from: 1, gap: 1 },
    });
    await openAndQuiet(source);
    await port.say("$A*41\r\n$B*41\r\n$C\x00*43\r\n$D*44\r\n");
    await waitUntil(() => sink.messages.length === 4, "all is handed over");
    expect(
      sink.messages.map(({ attributes, payload }) => [String(payload), attributes.damaged]),
    ).toEqual([
      ["$A*41", undefined],
      ["$B*41", "its checksum does not fit"],
      ["$C\x00*43", "there are bytes in it that are no text"],
      ["$D*44", undefined],
    ]);
    expect(sink.messages[0]).toMatchObject({ address: "serial/s", device: "scale" });
    expect(source.refusals).toMatchObject([
      { reason: "no-text", count: 1 },
      { reason: "checksum", count: 1, last: { bytes: 5 } },
    ]);
  });

  it("says that its device is there with its first whole frame, and not when the line opens", async () => {
    const port = await plugPort();
    const checksum = { kind: "xor", written: "hex", from: 1, gap: 1 };
    const { sink, source } = open({ path: port.path, device: "scale", checksum });
    await openAndQuiet(source);
    await port.say("$A*40\r\n");
    await waitUntil(() => sink.messages.length === 1, "the damaged one is handed over");
    expect(sink.changes).toMatchObject([{ client: port.path, state: "online" }]);
    expect(sink.changes[0]?.device).toBeUndefined();
    await port.say("$A*41\r\n$A*41\r\n");
    await waitUntil(() => sink.messages.length === 3, "the whole ones are handed over");
    expect(sink.changes.slice(1)).toMatchObject([{ device: "scale", state: "online" }]);
  });

  it("says of its device that it went with its port, and calls what was cut damaged", async () => {
    const port = await plugPort();
    const { sink, source } = open({ path: port.path, device: "scale" });
    await openAndQuiet(source);
    await port.say("1.25 kg\r\n1.2");
    await waitUntil(() => sink.messages.length === 1, "the first is handed over");
    await sleep(systemClock, 50);
    await port.unplug();
    await waitUntil(() => sink.changes.length === 3, "the loss is told");
    expect(sink.messages[1]?.attributes.damaged).toBe("it ends in the middle");
    expect(sink.changes.slice(1)).toMatchObject([
      { device: "scale", state: "online" },
      { device: "scale", state: "offline", cause: "connection-lost", text: "it was unplugged" },
    ]);
    expect(source.link).toMatchObject({ isConnected: false, reason: "it was unplugged" });
  });

  it("does not read while too much waits for the disk, and loses nothing of a server's", async () => {
    const sockets: Socket[] = [];
    const server = createServer((socket) => sockets.push(socket));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void server.close());
    const address = server.address();
    if (typeof address !== "object" || address === null) throw new Error("it does not listen");
    const sink = new RecordingSink();
    sink.stalled = true;
    const { source } = open(
      { path: `tcp://127.0.0.1:${address.port}`, limits: { in_flight_bytes: "64KiB" } },
      sink,
    );
    await waitUntil(() => sockets.length === 1, "it is connected");
    await openAndQuiet(source);
    const lines = Array.from({ length: 20_000 }, (_, at) => `line ${at}`);
    sockets[0]?.write(`${lines.join("\n")}\n`);
    await waitUntil(() => source.holding, "it holds back");
    await sleep(systemClock, 100);
    expect(sink.messages.length).toBeLessThan(lines.length);
    sink.stalled = false;
    sink.ackAll();
    await waitUntil(() => sink.messages.length === lines.length, "all is handed over");
    expect(sink.payloads).toEqual(lines);
    sockets[0]?.destroy();
  });

  it("asks its device as often as it is told to", async () => {
    const port = await plugPort();
    open({ path: port.path, poll: { send: "W\r\n", every: "100ms" } });
    await waitUntil(() => port.heard.length >= 9, "it asked three times");
    expect(String(port.heard.subarray(0, 9))).toBe("W\r\nW\r\nW\r\n");
  });

  it.each([
    ["lines", "W\r\n", "W\r\n1.25 kg\r\n", "1.25 kg"],
    [
      { kind: "telegram", start: "/", end: "!" },
      "/?!\r\n",
      "/?!\r\n/A\r\n1(2)\r\n!\r\n",
      "/A\r\n1(2)\r\n!",
    ],
    [{ kind: "fixed", start: "ab", length: 4 }, "xyz", "xyzab21", "ab21"],
  ])("takes no echo of its question for an answer: %j", async (framing, send, answer, message) => {
    const port = await plugPort();
    const { sink, source } = open({ path: port.path, framing, poll: { send, every: "1d" } });
    await waitUntil(() => String(port.heard) === send, "it asked");
    await port.say(answer);
    await waitUntil(() => sink.messages.length === 1, "the answer is handed over");
    await sleep(systemClock, 20);
    expect(sink.payloads).toEqual([message]);
    expect(source.refusals).toEqual([]);
  });

  it("writes frames to its device, and tells no more than that they left", async () => {
    const port = await plugPort();
    const { source } = open({ path: port.path, device: "scale" });
    const frame = { kind: "frame", payload: Buffer.from("TARE") } as const;
    await openAndQuiet(source);
    expect(source.toDevices?.reaches(scale, frame)).toBe("now");
    expect(source.toDevices?.reaches(toDeviceId("other"), frame)).toBe("never");
    expect(await source.toDevices?.write(scale, frame, never)).toEqual({ outcome: "sent" });
    await waitUntil(() => String(port.heard) === "TARE\r\n", "the device has it");
    await port.unplug();
    await waitUntil(() => source.link?.isConnected === false, "the loss is noticed");
    expect(source.toDevices?.reaches(scale, frame)).toBe("later");
    expect(await source.toDevices?.write(scale, frame, never)).toEqual({
      outcome: "absent",
      text: "it was unplugged",
    });
  });
});

describe("a serial source that is set otherwise than its device", () => {
  async function warningOf(fields: Record<string, unknown>, bytes: Uint8Array): Promise<unknown> {
    const port = await plugPort();
    const warned: unknown[] = [];
    const logger = { ...silentLogger, warn: (...words: unknown[]) => warned.push(words) };
    const { source } = open({ path: port.path, ...fields }, new RecordingSink(), logger);
    await openAndQuiet(source);
    await port.say(bytes);
    return waitUntil(() => warned[0], "it is told");
  }

  it("says that bytes come and make no frame", async () => {
    const framing = { kind: "telegram", start: "/", end: "!" };
    const limits = { max_frame: 64 };
    const [words] = [await warningOf({ framing, limits }, Buffer.alloc(300, 0xfe))];
    expect(String(words)).toContain("bytes come and make no frame: baud");
  });

  it("says which checksum would fit", async () => {
    const framing = { kind: "fixed", length: 8 };
    const asked = Buffer.from("010300000001840a", "hex");
    const bytes = Buffer.concat(Array.from({ length: 20 }, () => asked));
    const warning = await warningOf({ framing, checksum: { kind: "crc16-modbus" } }, bytes);
    expect(warning).toMatchObject([
      expect.any(String),
      { "what fits": "kind: crc16-modbus, order: little" },
    ]);
  });

  it("says that a serial server speaks telnet", async () => {
    const server = createServer((socket) => {
      socket.on("error", () => {});
      socket.write(Buffer.from("fffb03fffb01fffd2c", "hex"));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void server.close());
    const address = server.address();
    const port = typeof address === "object" ? address?.port : 0;
    const warned: string[] = [];
    const logger = { ...silentLogger, warn: (words: string) => void warned.push(words) };
    open({ path: `tcp://127.0.0.1:${port}` }, new RecordingSink(), logger);
    await waitUntil(() => warned[0], "it is told");
    expect(warned[0]).toContain("speaks telnet, which changes bytes");
  });
});

describe("the options of a serial source", () => {
  const entry = { kind: "serial", path: "/dev/ttyUSB0", framing: "lines" };

  it.each([
    [{ path: "COM3" }, "is no port"],
    [{ path: undefined }, "write either path or match"],
    [{ match: { vendor: "0403" } }, "write either path or match"],
    [{ path: undefined, match: { product: "6001" } }, "needs vendor or serial_number"],
    [{ framing: { kind: "fixed", length: 8 } }, "needs start, end or a checksum"],
    [{ framing: { kind: "fixed", start: "a", length: 5_000 } }, "more than limits.max_frame"],
    [
      { framing: { kind: "fixed", start: "ab", length: 4 }, checksum: { kind: "crc32", from: 1 } },
      "is less than start, end and checksum take",
    ],
    [
      {
        framing: { kind: "header-checksum", start: "a", length: 9, end: "z" },
        checksum: { kind: "sum" },
      },
      "end stands behind it",
    ],
    [{ framing: "cobs", flow: "xon-xoff" }, "takes the bytes 0x11 and 0x13 away"],
    [{ checksum: { kind: "xor" }, flow: "xon-xoff" }, "takes the bytes 0x11 and 0x13 away"],
    [{ framing: "slip", data_bits: 7 }, "is 8 where framing is slip"],
    [{ framing: { kind: "header-checksum", start: { hex: "aa" }, length: 8 } }, "needs a checksum"],
    [{ parity: "space" }, "at most 7 data bits"],
    [{ rs485: "rts-high", flow: "rts-cts" }, "cannot both"],
  ])("refuse %j in words", (fields, words) => {
    const { error } = serialOptions.safeParse({ ...entry, ...fields });
    expect(error?.issues.map(({ message }) => message).join("; ")).toContain(words);
  });

  it("take a port by its device, and bytes as digits", () => {
    const match = { vendor: "0x0403", product: "6001", serial_number: "A900XYZ" };
    const framing = { kind: "delimiter", end: { hex: "0D 0a" } };
    expect(serialOptions.parse({ kind: "serial", match, framing })).toMatchObject({
      match: { vendor: "0403" },
      framing: { end: Buffer.from("\r\n") },
      limits: { max_frame: 4_096 },
    });
  });
});
