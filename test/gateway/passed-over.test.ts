import { expect, test } from "vitest";
import { PassedOver } from "../../src/gateway/passed-over.ts";

test("what is passed over is counted by who says so and by which words, with the latest topic", () => {
  const passedOver = new PassedOver();
  const noise = { passedOver: "ignored", by: "z/m", filter: "z2m/bridge/#" } as const;
  passedOver.note(noise, "z2m/bridge/info", 1);
  passedOver.note({ ...noise }, "z2m/bridge/log", 2);
  passedOver.note({ passedOver: "cleared" }, "x".repeat(1_000), 3);
  expect(passedOver.list()).toEqual([
    {
      why: "ignored",
      by: "z/m",
      filter: "z2m/bridge/#",
      count: 2,
      lastTopic: "z2m/bridge/log",
      lastMs: 2,
    },
    {
      why: "cleared",
      by: undefined,
      filter: undefined,
      count: 1,
      lastTopic: "x".repeat(128),
      lastMs: 3,
    },
  ]);
});
