import { describe, expect, it, test } from "vitest";
import { parseTraceParent, parseTraceState } from "../../src/core/trace-context.ts";

const trace = "0af7651916cd43dd8448eb211c80319c";
const span = "b7ad6b7169203331";

describe("a traceparent", () => {
  it.each([
    [`00-${trace}-${span}-01`, true],
    [`00-${trace}-${span}-00`, false],
    [`00-12345678901234567890123456789012-1234567890123456-03`, true],
    [`00-${trace}-${span}-fe`, false],
  ])("%s is handed on as it came", (text, sampled) => {
    expect(parseTraceParent(text)).toMatchObject({ text, sampled });
  });

  it.each([
    [`cc-${trace}-${span}-01`, "01"],
    [`cc-${trace}-${span}-ff-what-the-future-will-be-like`, "03"],
    [`01-${trace}-${span}-00-`, "00"],
  ])("%s of a later version is handed on in the one that is known", (text, flags) => {
    expect(parseTraceParent(text)).toEqual({
      traceId: trace,
      parentId: span,
      sampled: flags !== "00",
      text: `00-${trace}-${span}-${flags}`,
    });
  });

  it.each([
    ...["", "00", "00-1", `${trace}-${span}-01`],
    ...[`ff-${trace}-${span}-01`, `ff-${trace}-${span}-01-x`, `0-${trace}-${span}-01`],
    ...[`00-${trace}-${span}-01-`, `00-${trace}-${span}-01-extra`, `00-${trace}-${span}-01 `],
    ...[` 00-${trace}-${span}-01`, `00-${trace}-${span}-01\n`, `00-${trace}-${span}-1`],
    ...[`00-${trace.toUpperCase()}-${span}-01`, `00-${trace}-${span.toUpperCase()}-01`],
    ...[`0G-${trace}-${span}-01`, `CC-${trace}-${span}-01`, `00-${trace}-${span}-0A`],
    ...[`00-${"0".repeat(32)}-${span}-01`, `00-${trace}-${"0".repeat(16)}-01`],
    ...[`00-${trace}0-${span}-01`, `00-${trace}-${span}0-01`, `00_${trace}_${span}_01`],
    ...[`cc-${trace}-${span}-01.x`, `cc-${trace}-${span}-0`, `cc-${"0".repeat(32)}-${span}-01`],
    ...[`+0-${trace}-${span}-01`, `00-+${trace.slice(1)}-${span}-01`],
    `cc-${trace}-${span}-01-${"x".repeat(600)}`,
  ])("%j is none", (text) => {
    expect(parseTraceParent(text)).toBeUndefined();
  });
});

describe("a tracestate", () => {
  it.each([
    ["a=1", "a=1"],
    ["congo=t61rcWkgMzE,rojo=00f067aa0ba902b7", "congo=t61rcWkgMzE,rojo=00f067aa0ba902b7"],
    ["a=1 , b=2\t,,", "a=1,b=2"],
    ["fw529a3039@dt=FfAAAA==".replace("==", "__"), "fw529a3039@dt=FfAAAA__"],
    ["1tenant@v=x y", "1tenant@v=x y"],
  ])("%j is handed on as %j", (text, handed) => {
    expect(parseTraceState(text)).toBe(handed);
  });

  it.each([
    ...["", ",", "a", "=1", "a=", "A=1", "1=1", "a=1=2", "a=1,a=2", "a=\u00e9", "a=1\n", "@v=1"],
    ...[`${"a".repeat(257)}=1`, `a=${"x".repeat(257)}`, "a@=1", "a=\u0000"],
    Array.from({ length: 33 }, (_, at) => `k${at}=1`).join(","),
    "x".repeat(100_000),
  ])("%j is none", (text) => {
    expect(parseTraceState(text)).toBeUndefined();
  });

  test("loses whole members at its end where it is too long", () => {
    const members = Array.from({ length: 10 }, (_, at) => `k${at}=${"v".repeat(97)}`);
    expect(parseTraceState(members.join(","))).toBe(members.slice(0, 5).join(","));
  });
});
