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
