import { describe, expect, test } from "vitest";
import { notifyOptions } from "../../src/notify/options.ts";

const problems = (value: unknown): string[] =>
  notifyOptions.safeParse(value).error?.issues.map(({ message }) => message) ?? [];

describe("options of the notifier", () => {
  test("write to the log when nothing is said", () => {
    expect(notifyOptions.parse({}).receivers).toEqual({ log: { kind: "log", format: "json" } });
  });

  test("refuse a default that names no receiver", () => {
    expect(problems({ receivers: { a: { kind: "log" } }, default: ["a", "b"] })).toEqual([
      "no receiver is named b",
    ]);
  });

  test("refuse addresses that no POST can go to, and secrets that stand in the open", () => {
    const webhook = { kind: "webhook", url: "http://127.0.0.1/" };
    expect(problems({ receivers: { a: webhook } })).toEqual([]);
    expect(problems({ receivers: { a: { ...webhook, url: "ftp://127.0.0.1/" } } })).toHaveLength(1);
    expect(problems({ receivers: { a: { ...webhook, secret: "s3cret" } } })).toHaveLength(1);
  });
});
