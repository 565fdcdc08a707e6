import { describe, expect, test } from "vitest";
import { GatewayError } from "../../src/core/errors.ts";
import { createLogger } from "../../src/telemetry/logger.ts";
import { ManualClock } from "../support/manual-clock.ts";

function journal(level: "debug" | "info" | "warn" | "error") {
  const lines: string[] = [];
  const logger = createLogger({
    level,
    destination: { write: (line: string) => void lines.push(line) },
    clock: new ManualClock(),
  });
  return { logger, read: () => lines.map((line) => JSON.parse(line)) };
}

describe("createLogger", () => {
  test("writes one JSON object per line, with the room, the time and the fields", () => {
    const { logger, read } = journal("info");
    logger.child("buffer").info("segment rolled", { firstSeq: 17 });
    expect(read()).toEqual([
      {
        level: "info",
        time: "2026-11-21T14:00:00.000Z",
        room: "buffer",
        firstSeq: 17,
        msg: "segment rolled",
      },
    ]);
  });

  test("quotes what a device said without obeying it", () => {
    const lines: string[] = [];
    const destination = { write: (line: string) => void lines.push(line) };
    const logger = createLogger({ level: "info", destination, clock: new ManualClock() });
    const topic = "a/\u001b[31m\u009b2J\u202e\u2028\n";
    logger.info("refused", { topic });
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/^[^\p{Cc}\p{Zl}\p{Bidi_Control}]*\n$/u);
    expect(JSON.parse(lines[0] ?? "")).toMatchObject({ topic });
  });

  test("leaves out what a slow reader cannot take, and counts it once the reader is back", () => {
    const lines: string[] = [];
    const destination = {
      writableLength: 0,
      write: (line: string) => void lines.push(line),
    };
    const logger = createLogger({ level: "info", destination, clock: new ManualClock() });
    destination.writableLength = 2 ** 21;
    for (let n = 0; n < 7; n += 1) logger.child("sources").info("refused", { n });
    expect(lines).toEqual([]);
    destination.writableLength = 0;
    logger.info("back");
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { level: "warn", lines: 7 },
      { msg: "back" },
    ]);
  });

  test("writes nothing below its level, in rooms neither", () => {
    const { logger, read } = journal("warn");
    logger.info("a");
    logger.child("forward").debug("b");
    logger.child("forward").warn("c");
    logger.error("d");
    expect(read().map(({ msg }) => msg)).toEqual(["c", "d"]);
  });

  test("says what an error was, its code and its cause", () => {
    const { logger, read } = journal("info");
    const cause = new Error("EIO");
    logger.error("cannot store", {
      failure: new GatewayError("buffer.io", "cannot sync x", { cause }),
      seq: 12n,
    });
    expect(read()[0]).toMatchObject({
      failure: {
        name: "GatewayError",
        code: "buffer.io",
        message: "cannot sync x",
        cause: { message: "EIO" },
      },
      seq: "12",
    });
  });
});
