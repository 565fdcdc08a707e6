import { describe, expect, test } from "vitest";
import {
  deviceOptions,
  profilesOptions,
  rejectionsOptions,
  timeOptions,
} from "../../src/normalize/options.ts";

test("everything has a default", () => {
  expect(profilesOptions.parse({})).toEqual({
    generic: false,
    ignore: [],
    watch: false,
    descriptions: true,
    discovery_prefix: "homeassistant",
    folders: [],
  });
  expect(timeOptions.parse({})).toEqual({
    max_skew: 300_000,
    max_age: 30 * 86_400_000,
    catch_up: 10_000,
    watermark_every: 1_000,
  });
  expect(rejectionsOptions.parse({})).toEqual({ max_payload: 65_536 });
  expect(deviceOptions.parse({ id: "d", profile: "a/b" })).toEqual({
    id: "d",
    profile: "a/b",
    tags: {},
    attrs: {},
  });
});

describe("what cannot be is refused", () => {
  test.each(["a/#/b", "a/b#", "a/x+", "", "a\0"])("topic %o", (topic) => {
    expect(deviceOptions.safeParse({ id: "d", profile: "a/b", topic }).success).toBe(false);
  });

  test.each(["a/#", "#", "+", "+/a/+", "a//b"])("but not topic %o", (topic) => {
    expect(deviceOptions.safeParse({ id: "d", profile: "a/b", topic }).success).toBe(true);
  });

  test.each(["", "a\nb", "x".repeat(129)])("id %o", (id) => {
    expect(deviceOptions.safeParse({ id, profile: "a/b" }).success).toBe(false);
  });

  test("durations and sizes out of bounds", () => {
    expect(timeOptions.safeParse({ max_skew: "0s" }).success).toBe(false);
    expect(timeOptions.safeParse({ watermark_every: "1h" }).success).toBe(false);
    expect(rejectionsOptions.safeParse({ max_payload: "2MiB" }).success).toBe(false);
    expect(rejectionsOptions.parse({ max_payload: 100 })).toEqual({ max_payload: 100 });
  });
});
