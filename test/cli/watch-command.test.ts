import { afterEach, expect, test } from "vitest";
import { systemClock } from "../../src/app/system-clock.ts";
import { watchCommand } from "../../src/cli/watch-command.ts";
import { sleep } from "../../src/core/clock.ts";
import type { CommandReply } from "../../src/core/command.ts";
import { toDeviceId, toStreamSeq } from "../../src/core/ids.ts";
import type { StoredReply } from "../../src/stream/command-replies.ts";
import { sampleCommand } from "../support/commands.ts";

afterEach(() => {
  process.exitCode = undefined;
});

/** A gateway that says so much of a command, and then nothing. */
function silentAfter(...states: CommandReply["state"][]) {
  return {
    async *follow(_: unknown, __: number, signal: AbortSignal): AsyncGenerator<StoredReply, void> {
      for (const [at, state] of states.entries())
        yield {
          reply: { command: "c-1", name: "set", state, step: at + 1, final: false },
          ...{ device: toDeviceId("pump"), timeMs: 0, storedMs: 0, streamSeq: toStreamSeq(at + 1) },
        };
      await sleep(systemClock, 3_600_000, signal);
    },
  };
}

const expired = sampleCommand({ expiresMs: systemClock.wallMs() - 59_000 });

test.each([[[]], [["queued"]]] as const)(
  "who waits for a command of a gateway that is away waits no longer once it has expired (%j)",
  async (states) => {
    await watchCommand(silentAfter(...states), expired, 0, { timeoutMs: undefined });
    expect(process.exitCode).toBe(7);
  },
);

test("who waits for a command that has left waits on", async () => {
  const fromMs = systemClock.monotonicMs();
  await watchCommand(silentAfter("queued", "sent"), expired, 0, { timeoutMs: 3_000 });
  expect(systemClock.monotonicMs() - fromMs).toBeGreaterThan(2_900);
  expect(process.exitCode).toBe(7);
});
