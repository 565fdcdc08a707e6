import { expect, it } from "vitest";
import type { Status } from "../../src/core/event.ts";
import { toSeq } from "../../src/core/ids.ts";
import { BufferWatch } from "../../src/gateway/buffer-watch.ts";
import { ManualClock } from "../support/manual-clock.ts";

function watching() {
  const clock = new ManualClock();
  const said: Status[] = [];
  const now = { trouble: "", waitingRecords: 0 };
  const watch = new BufferWatch({
    clock,
    state: () => ({
      writable: now.trouble === "",
      trouble: now.trouble === "" ? undefined : now.trouble,
      firstSeq: toSeq(1),
      lastSeq: toSeq(1_000),
      sizeBytes: 1_000_000,
      maxBytes: 1_000_000,
      waitingRecords: now.waitingRecords,
    }),
    say: (status) => said.push(status),
  });
  return { clock, now, said, watch };
}

it("says once that the buffer stopped, with the reason, and once that it goes on", async () => {
  const { clock, now, said, watch } = watching();
  watch.start();
  await clock.advance(3_000);
  now.trouble = "the volume is full";
  await clock.advance(3_000);
  now.trouble = "";
  await clock.advance(3_000);
  watch.stop();
  now.trouble = "after the end";
  await clock.advance(3_000);
  expect(said).toEqual([
    { state: "online", cause: "buffer-stopped", text: "the volume is full" },
    { state: "online", cause: "buffer-resumed" },
  ]);
});

it("says once that what waits fills the buffer, and once that it does so no more", async () => {
  const { clock, now, said, watch } = watching();
  watch.start();
  for (const waitingRecords of [0, 790, 800, 790, 940, 950, 990, 720, 700, 810, 690, 790, 960, 0]) {
    now.waitingRecords = waitingRecords;
    await clock.advance(2_000);
  }
  watch.stop();
  expect(said.map(({ cause, text }) => `${cause}: ${parseInt(text ?? "", 10)}`)).toEqual([
    "buffer-filling: 80",
    "buffer-nearly-full: 95",
    "buffer-filling: 72",
    "buffer-eased: 69",
    "buffer-nearly-full: 96",
    "buffer-eased: 0",
  ]);
});
