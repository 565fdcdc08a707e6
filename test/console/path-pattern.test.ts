import { describe, expect, it } from "vitest";
import { matchPath, withParts } from "../../src/console/state/path-pattern.ts";

describe("a path of the page", () => {
  it("names what stands in the places of its pattern, decoded", () => {
    expect(matchPath("/devices/:key", "/devices/plant-a.gw1.f%207/")).toEqual({
      key: "plant-a.gw1.f 7",
    });
    expect(matchPath("/", "/")).toEqual({});
  });

  it.each([
    ["/devices/:key", "/devices"],
    ["/devices/:key", "/devices/a/b"],
    ["/devices/:key", "/devices/%E0%A4%A"],
    ["/", "/live"],
  ])("is not of the pattern %s where it is %s", (pattern, path) => {
    expect(matchPath(pattern, path)).toBeUndefined();
  });
});

describe("the query of a view", () => {
  it("keeps what is not set anew, and loses what is set to nothing", () => {
    expect(withParts("?a=1&b=2", { b: "x y", c: "3" })).toBe("?a=1&b=x+y&c=3");
    expect(withParts("?a=1&b=2", { a: undefined, b: "" })).toBe("");
  });
});
