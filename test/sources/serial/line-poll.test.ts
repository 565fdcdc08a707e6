import { expect, it } from "vitest";
import { LinePoll } from "../../../src/sources/serial/line-poll.ts";
import { ManualClock } from "../../support/manual-clock.ts";

it("has one question on its way to a device that holds the line back", async () => {
  const clock = new ManualClock();
  const written: (() => void)[] = [];
  const line = {
    write: () => new Promise<void>((resolve) => void written.push(resolve)),
    restart: () => {},
  };
  const asking = { send: Buffer.from("W\r\n"), everyMs: 100, isTcp: false };
  const poll = new LinePoll(line, asking, clock);
  poll.start(0);
  await clock.advance(60_000);
  expect(written).toHaveLength(1);
  written[0]?.();
  await clock.advance(100);
  expect(written).toHaveLength(2);
  poll.stop();
});
