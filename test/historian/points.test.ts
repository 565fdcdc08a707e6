import { describe, expect, test } from "vitest";
import type { GatewayEvent, StoredEvent } from "../../src/core/event.ts";
import { toDeviceId, toGatewayId, toRunId, toSeq, toSiteId } from "../../src/core/ids.ts";
import type { Measurement } from "../../src/core/measurement.ts";
import { addEventPoints } from "../../src/historian/event-points.ts";
import { fieldText } from "../../src/historian/field-text.ts";
import { historianOptions } from "../../src/historian/options.ts";
import { writableName } from "../../src/historian/tag-text.ts";
import { judgeWrite } from "../../src/historian/write-outcome.ts";
import { startMs } from "../support/gateway-stream.ts";

const one = { site: toSiteId("s"), gateway: toGatewayId("g") };

function lines(
  data: readonly Measurement[],
  texts = true,
  timeMs = startMs,
  device = "d 1",
): string[] {
  const event: GatewayEvent = {
    kind: "measurement",
    device: toDeviceId(device),
    timeMs,
    receivedMs: timeMs,
    clock: "device",
    data,
  };
  const stored: StoredEvent = {
    ...event,
    origin: one,
    position: { run: toRunId("aaaaaaaa"), seq: toSeq(1_000_007) },
  };
  const made: string[] = [];
  addEventPoints(made, stored, { texts });
  return made;
}

const of = (name: string, value: Measurement["value"]): Measurement => ({
  name,
  value,
  quality: "good",
});

describe("points", () => {
  test("have a field for each type, and a time of their own below the millisecond", () => {
    expect(lines([of("t", 1.5), of("door", true), of("mode", "auto")])).toEqual([
      "samples,device=d\\ 1,gateway=g,metric=t,quality=good,site=s value=1.5 1795269600000000007",
      "samples,device=d\\ 1,gateway=g,metric=door,quality=good,site=s truth=true 1795269600000000007",
      'samples,device=d\\ 1,gateway=g,metric=mode,quality=good,site=s text="auto" 1795269600000000007',
    ]);
  });

  test("of quality bad stand beside the others", () => {
    expect(lines([{ ...of("t", 85), quality: "bad" }])[0]).toMatch(/^bad_samples,/);
  });

  test("of one metric twice in one event are the last one", () => {
    expect(lines([of("t", 1), of("t", 2), of("u", 3)])).toHaveLength(2);
    expect(lines([of("t", 1), of("t", 2)])[0]).toContain(" value=2 ");
  });

  test("of numbers that are none are not made", () => {
    expect(lines([of("t", Number.POSITIVE_INFINITY), of("u", Number.NaN)])).toEqual([]);
  });

  test("of texts are not made where the database has none", () => {
    expect(lines([of("mode", "auto"), of("t", 1)], false)).toHaveLength(1);
  });

  test("have the tags of their own device, unit and quality, whatever came before under the name", () => {
    const said = (device: string, changes: Partial<Measurement> = {}) =>
      lines([{ ...of("t", 1), ...changes }], true, startMs, device)[0];
    expect(said("a")).toContain(",device=a,");
    expect(said("b")).toContain(",device=b,");
    expect(said("b", { unit: "Cel" })).toContain(",unit=Cel ");
    expect(said("b", { quality: "uncertain" })).toContain(",quality=uncertain,site=s value");
    expect(said("b", { quality: "bad" })).toMatch(/^bad_samples,/);
    expect(said("a")).toBe(lines([of("t", 1)], true, startMs, "a")[0]);
    expect(said("a")).not.toContain("unit");
  });

  test("of more metrics than a device usually has are all there", () => {
    const many = Array.from({ length: 2_000 }, (_, n) => of(`m${n}`, n));
    const made = lines(many);
    expect(new Set(made).size).toBe(2_000);
    expect(lines([...many, of("m7", -1)]).filter((line) => line.includes("metric=m7,"))).toEqual([
      expect.stringContaining(" value=-1 "),
    ]);
  });

  test("of times before 1970 are ordered as well", () => {
    expect(lines([of("t", 1)], true, -1)[0]).toMatch(/ -999993$/);
  });
});

test("a name keeps on one line whatever it is, and different names stay different", () => {
  const names = [
    "a\nevil v=1\nb",
    "a\\",
    "a%5C",
    "a\\,b",
    "100%",
    "%",
    "\u0000",
    "\u0085",
    "%%5C",
    `${"x".repeat(600)}a`,
    `${"x".repeat(600)}b`,
    `${"x".repeat(479)}${"😀".repeat(99)}`,
  ];
  const written = names.map(writableName);
  expect(new Set(written).size).toBe(names.length);
  expect(written.join("")).not.toMatch(/[\p{Cc}\p{Cs}\\]/u);
  expect(written.every(({ length }) => length <= 512)).toBe(true);
  expect(writableName("Größe, 1=2")).toBe("Größe, 1=2");
});

test("a text keeps on one line, and what is long says that it was cut", () => {
  expect(fieldText('a\n"b\\')).toBe('"a\\\\n\\"b\\\\"');
  expect(fieldText("x".repeat(20_000))).toHaveLength(16_386);
  expect(fieldText(`${"x".repeat(16_382)}😀😀`)).not.toMatch(/ud83d/i);
});

describe("an answer of a database", () => {
  const judge = (status: number, body = "", retryAfter?: string) =>
    judgeWrite({ status, body, retryAfter }, startMs);

  test("says what became of each point", () => {
    expect(judge(204)).toEqual({ kind: "stored" });
    expect(judge(413)).toEqual({ kind: "too-large" });
    const conflict = "partial write: field type conflict: input field dropped=3";
    expect(judge(400, `{"error":"${conflict}"}`)).toMatchObject({ kind: "refused", points: 3 });
    expect(judge(400, '{"error":"unable to parse: missing fields dropped=0"}')).toMatchObject({
      kind: "refused",
      points: undefined,
    });
    expect(
      judge(400, '{"error":"partial write: points beyond retention policy dropped=2"}'),
    ).toEqual({ kind: "expired", points: 2 });
  });

  test("about the request is trouble, and costs no point", () => {
    expect(judge(400, "<html>Bad Request</html>")).toMatchObject({ kind: "trouble" });
    expect(judge(401)).toMatchObject({ kind: "trouble", needsPeople: true });
    expect(judge(500, "engine is closed")).toMatchObject({ kind: "trouble", needsPeople: false });
  });

  test("says how long the database wants to be left alone", () => {
    expect(judge(503, "", "7")).toMatchObject({ retryAfterMs: 7_000, needsPeople: false });
    const date = new Date(startMs + 9_000).toUTCString();
    expect(judge(429, "", date)).toMatchObject({ retryAfterMs: 9_000 });
  });

  test("says that a database or its policy is missing", () => {
    expect(judge(404, '{"error":"database not found: \\"sg\\""}').kind).toBe("no-database");
    expect(judge(500, '{"error":"retention policy not found: x"}').kind).toBe("no-database");
  });
});

test("what is set for another database is refused with what to do", () => {
  const url = "http://127.0.0.1:8086";
  const token = { file: "influx.token" };
  const problems = (written: object) =>
    historianOptions.safeParse({ url, ...written }).error?.issues.map(({ message }) => message);
  expect(problems({ keep: "30d" })).toBe(undefined);
  expect(problems({ keep: "30d", token })).toEqual([expect.stringContaining("set at the bucket")]);
  expect(problems({ keep: "30d", kind: "victoria-metrics" })).toEqual([
    expect.stringContaining("-retentionPeriod"),
  ]);
});
