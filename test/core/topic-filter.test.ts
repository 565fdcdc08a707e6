import { describe, expect, test } from "vitest";
import { coversFilter, isTopicFilter, matchesTopic } from "../../src/core/topic-filter.ts";

describe("matchesTopic", () => {
  test.each([
    ["a/b", "a/b", true],
    ["a/b", "a/B", false],
    ["a/b", "a", false],
    ["a", "a/b", false],
    ["a/b", "a/bc", false],
    ["a/+", "a/b", true],
    ["a/+", "a/", true],
    ["a/+", "a", false],
    ["a/+", "a/b/c", false],
    ["+/b", "a/b", true],
    ["+/+", "/b", true],
    ["+", "/b", false],
    ["a/+/c", "a/b/c", true],
    ["a/+/c", "a/b/d", false],
    ["#", "a/b", true],
    ["a/#", "a", true],
    ["a/#", "a/b/c", true],
    ["a/#", "ab", false],
    ["+/#", "a", true],
    ["#", "$SYS/x", false],
    ["+/x", "$SYS/x", false],
    ["$SYS/#", "$SYS/x", true],
  ])("%s names %s: %s", (filter, topic, expected) => {
    expect(matchesTopic(filter, topic)).toBe(expected);
  });
});

describe("coversFilter", () => {
  test.each([
    ["#", "#", true],
    ["#", "a/+", true],
    ["a/#", "a", true],
    ["a/#", "a/#", true],
    ["a/#", "a/+/c", true],
    ["a/#", "+/b", false],
    ["a/+", "a/+", true],
    ["a/+", "a/b", true],
    ["a/+", "a/#", false],
    ["a/+", "a/b/c", false],
    ["a/b", "a/+", false],
    ["a/b", "a/b", true],
    ["a/b", "a", false],
  ])("%s covers %s: %s", (wide, narrow, expected) => {
    expect(coversFilter(wide, narrow)).toBe(expected);
  });
});

describe("isTopicFilter", () => {
  test.each(["a", "/", "a//b", "+", "+/a/#", "#", "a/+/b"])("takes %s", (text) => {
    expect(isTopicFilter(text)).toBe(true);
  });

  test.each(["", "a#", "#/a", "a+", "+a/b", "a\0"])("refuses %j", (text) => {
    expect(isTopicFilter(text)).toBe(false);
  });
});
