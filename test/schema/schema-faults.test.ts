import { describe, expect, it } from "vitest";
import * as z from "zod";
import type { Fault } from "../../src/core/fault.ts";
import { checkSchema } from "../../src/schema/schema-faults.ts";

const port = z.strictObject({
  kind: z.literal("serial"),
  path: z.string(),
  baud: z.int().min(300).max(4_000_000).default(9_600),
});
const broker = z.strictObject({ kind: z.literal("broker"), listen: z.string().min(1) });
const schema = z.strictObject({
  site: z.string(),
  level: z.enum(["debug", "info", "warn"]).default("info"),
  sources: z.array(z.discriminatedUnion("kind", [port, broker])).prefault([]),
  secret: z
    .union([z.strictObject({ env: z.string() }), z.strictObject({ file: z.string() })])
    .optional(),
  limit: z.union([z.number(), z.strictObject({ attr: z.string() })]).optional(),
  tags: z.record(z.string().regex(/^[a-z]+$/, "a tag is lower case"), z.string()).prefault({}),
  wait: z
    .string()
    .refine((text) => text.endsWith("s"), "not a duration; write 10s")
    .optional(),
});

function faultsOf(value: object): readonly Fault[] {
  const checked = checkSchema(schema, "config", { site: "a", ...value });
  return checked.ok ? [] : checked.faults;
}

describe("checkSchema", () => {
  it("gives the parsed value when nothing is wrong", () => {
    const checked = checkSchema(schema, "config", { site: "a" });
    expect(checked).toMatchObject({ ok: true, value: { site: "a", level: "info" }, warnings: [] });
  });

  it("reports each unknown field at its key, with the name that was meant", () => {
    expect(faultsOf({ levle: "info", colour: 1 })).toEqual([
      {
        code: "config.unknown-field",
        path: ["levle"],
        atKey: true,
        message: 'unknown field "levle"',
        hint: "did you mean level?",
      },
      expect.objectContaining({
        path: ["colour"],
        hint: "known: site, level, sources, secret, limit, tags, wait",
      }),
    ]);
  });

  it("looks for names among the fields of the union's option that the kind selects", () => {
    const [fault] = faultsOf({ sources: [{ kind: "serial", path: "/dev/x", bauds: 1 }] });
    expect(fault).toMatchObject({ path: ["sources", 0, "bauds"], hint: "did you mean baud?" });
  });

  it("does not call a field missing that is there under a misspelled name", () => {
    const faults = checkSchema(schema, "config", { sit: "a" });
    expect(faults).toMatchObject({ faults: [{ path: ["sit"], hint: "did you mean site?" }] });
    expect(faults).not.toMatchObject({ faults: [{}, {}] });
  });

  it("calls a field missing when nothing resembles it", () => {
    expect(checkSchema(schema, "config", {})).toMatchObject({
      faults: [{ code: "config.missing-field", path: ["site"], message: 'missing field "site"' }],
    });
  });

  it("says what type is expected and how to write it", () => {
    expect(faultsOf({ site: 7 })).toMatchObject([
      { code: "config.wrong-type", message: "must be text, not 7", hint: 'put it in quotes: "7"' },
    ]);
    expect(faultsOf({ sources: [{ kind: "serial", path: "x", baud: "9600" }] })).toMatchObject([
      { message: 'must be a number, not "9600"', hint: "write 9600, without quotes" },
    ]);
    expect(faultsOf({ sources: {} })).toMatchObject([
      { message: "must be a list, not a group of fields" },
    ]);
  });

  it("names the bound that a value is outside of", () => {
    const sources = [
      { kind: "serial", path: "x", baud: 1 },
      { kind: "broker", listen: "" },
    ];
    expect(faultsOf({ sources })).toMatchObject([
      { code: "config.out-of-range", message: "must be at least 300" },
      { code: "config.out-of-range", message: "must not be empty" },
    ]);
  });

  it("answers an unknown word of a choice with the word that was meant", () => {
    expect(faultsOf({ level: "wran", sources: [{ kind: "seriel" }, {}] })).toMatchObject([
      {
        code: "config.unknown-value",
        message: '"wran" is not one of debug, info, warn',
        hint: "did you mean warn?",
      },
      { path: ["sources", 0, "kind"], hint: "did you mean serial?" },
      { code: "config.missing-field", path: ["sources", 1, "kind"], hint: "one of serial, broker" },
    ]);
  });

  it("speaks of the option of a union that fits the type of the value", () => {
    expect(faultsOf({ limit: { atr: "x" } })).toMatchObject([
      { path: ["limit", "atr"], hint: "did you mean attr?" },
    ]);
    expect(faultsOf({ limit: true })).toMatchObject([
      { path: ["limit"], message: "must be a number or a group of fields, not true" },
    ]);
    expect(faultsOf({ secret: { fiel: "x" } })).toMatchObject([
      { path: ["secret", "fiel"], hint: "did you mean file?" },
    ]);
    expect(faultsOf({ secret: {} })).toMatchObject([
      { path: ["secret"], code: "config.bad-value", hint: "known: env, file" },
    ]);
  });

  it("cuts the hint off a message of the schema's own", () => {
    expect(faultsOf({ wait: "10" })).toMatchObject([
      { code: "config.bad-value", message: "not a duration", hint: "write 10s" },
    ]);
  });

  it("points at the key when a key does not fit", () => {
    expect(faultsOf({ tags: { Area: "x" } })).toMatchObject([
      { path: ["tags", "Area"], atKey: true, message: "a tag is lower case" },
    ]);
  });

  it("does not show a secret that stands where a reference belongs", () => {
    const text = JSON.stringify(faultsOf({ secret: "hunter2", site: ["nats://me:hunter2@hub"] }));
    expect(text).not.toContain("hunter2");
    expect(text).toContain("not ***");
  });
});
