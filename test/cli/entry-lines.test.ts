import { expect, it } from "vitest";
import { entryLine } from "../../src/cli/entry-lines.ts";
import type { CommandReply } from "../../src/core/command.ts";
import type { StoredEvent } from "../../src/core/event.ts";
import { toDeviceId, toRunId, toSeq } from "../../src/core/ids.ts";
import { origin } from "../support/gateway-stream.ts";

const data: CommandReply = {
  ...{ command: "6eb5e2445259f8fa", name: "set_point", state: "unknown", step: 5, final: true },
  ...{ attempt: 3, text: "no answer within 10s" },
};
const event: StoredEvent = {
  ...{ kind: "reply", device: toDeviceId("freezer-1"), clock: "gateway", timeMs: 0, receivedMs: 0 },
  ...{ data, origin, position: { run: toRunId("abcd1234"), seq: toSeq(7) } },
};
const entry = {
  ...{ device: "freezer-1", gateway: "gw1", id: "gw1.abcd1234.7", receivedMs: 0 },
  told: { kind: "reply", event } as const,
};

it("a step of a command is told in words, with its id", () => {
  expect(entryLine(entry, Infinity)).toBe(
    "00:00:00.000 gw1.abcd1234.7 freezer-1 set_point unknown (try 3) no answer within 10s 6eb5e2445259f8fa +0ms",
  );
});

it("a line is cut to the width of the terminal, and keeps its delay", () => {
  const line = entryLine(entry, 80);
  expect(line).toHaveLength(80);
  expect(line).toMatch(/… \+0ms$/);
});
