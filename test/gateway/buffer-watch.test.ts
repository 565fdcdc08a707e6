import { expect, it } from "vitest";
import type { Status } from "../../src/core/event.ts";
import { BufferWatch } from "../../src/gateway/buffer-watch.ts";
import { ManualClock } from "../support/manual-clock.ts";

it("says once that the buffer stopped, with the reason, and once that it goes on", async () => {
  const clock = new ManualClock();
  const said: Status[] = [];
  let trouble: string | undefined;
  const watch = new BufferWatch({
    clock,
    state: () => ({ writable: trouble === undefined, trouble }),
    say: (status) => said.push(status),
  });
  watch.start();
  await clock.advance(3_000);
  trouble = "the volume is full";
  await clock.advance(3_000);
  trouble = undefined;
  await clock.advance(3_000);
  watch.stop();
  trouble = "after the end";
  await clock.advance(3_000);
  expect(said).toEqual([
    { state: "online", cause: "buffer-stopped", text: "the volume is full" },
    { state: "online", cause: "buffer-resumed" },
  ]);
});
