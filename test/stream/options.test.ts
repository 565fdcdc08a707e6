import { describe, expect, test } from "vitest";
import { backboneOptions } from "../../src/stream/options.ts";

describe("backboneOptions", () => {
  test("has a default for everything", () => {
    expect(backboneOptions.parse({})).toEqual({
      servers: ["nats://127.0.0.1:4222"],
      replicas: 1,
      retry_max: 3_000,
      retention: { max_age: 7 * 86_400_000 },
      durable_acks: false,
      window: 512,
    });
  });

  test.each([
    [{ servers: ["nats://user:secret@hub"] }, "credentials go into a file"],
    [{ servers: ["ws://hub"] }, "write nats://host:port"],
    [{ retention: { max_age: "7 days" } }, '"7 days" is not a duration'],
    [{ retention: { max_age: "5s" } }, '"5s" is outside 1m to 3650d'],
    [{ retention: { max_bytes: "1KiB" } }, '"1KiB" is outside 1.0 MiB'],
    [{ window: 4_096 }, "2048"],
  ])("refuses %j", (written, words) => {
    const { error } = backboneOptions.safeParse(written);
    expect(error?.issues.map((issue) => issue.message).join()).toContain(words);
  });
});
