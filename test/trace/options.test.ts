import { describe, expect, it } from "vitest";
import { traceOptions } from "../../src/trace/options.ts";

const url = "http://127.0.0.1:4318/v1/traces";
const parse = (value: unknown) => traceOptions.safeParse(value);

describe("trace in the configuration", () => {
  it.each([
    {},
    { make: "off" },
    { make: 0.01 },
    { make: 1, otlp: { url } },
    {
      otlp: { url, headers: { authorization: { file: "otlp.auth" }, "x-scope": { env: "SCOPE" } } },
    },
  ])("%j is taken", (value) => {
    expect(parse(value).success).toBe(true);
  });

  it.each([
    [{ make: 0 }, ">0"],
    [{ make: 2 }, "<=1"],
    [{ make: true }, "write off"],
    [{ otlp: {} }, "http"],
    [{ otlp: { url: "ftp://x" } }, "http://"],
    [{ otlp: { url: "http://ana:geheim@x/v1/traces" } }, "do not belong into an address"],
    [{ otlp: { url, headers: { authorization: "Bearer geheim" } } }, ""],
    [{ otlp: { url, headers: { "content-type": { env: "X" } } } }, ""],
    [{ otlp: { url, headers: { "X Y": { env: "X" } } } }, ""],
    [{ otlp: { url, timeout: "10m" } }, "outside"],
    [{ ratio: 1 }, ""],
  ])("%j is refused", (value, words) => {
    const { error } = parse(value);
    expect(JSON.stringify(error?.issues)).toContain(words);
  });
});
