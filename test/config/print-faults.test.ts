import { describe, expect, it } from "vitest";
import type { LocatedFault } from "../../src/config/located-fault.ts";
import { countFaults, countSentence, printFaults } from "../../src/config/print-faults.ts";

const text = "        for: 10 minutes";
const faults: LocatedFault[] = [
  { file: "b.yaml", code: "config.unreadable", path: [], message: "cannot read it: ENOENT" },
  {
    file: "a.yaml",
    code: "rule.bad-value",
    path: ["for"],
    message: '"10 minutes" is not a duration',
    hint: "write 10m",
    place: { line: 9, column: 14, width: 10, text },
  },
  {
    file: "a.yaml",
    code: "rule.odd",
    path: [],
    message: "odd, 100%",
    severity: "warning",
    place: { line: 2, column: 2, width: 1, text: "\tx" },
  },
];

describe("printFaults", () => {
  it("prints place, code, message, the line, a caret and the hint, in the order of places", () => {
    expect(printFaults(faults, 2, "text")).toBe(
      [
        "a.yaml:2:2 warning[rule.odd] odd, 100%",
        "   2 |  x",
        "     |  ^",
        'a.yaml:9:14 error[rule.bad-value] "10 minutes" is not a duration',
        `   9 | ${text}`,
        "     |              ^^^^^^^^^^ write 10m",
        "b.yaml error[config.unreadable] cannot read it: ENOENT",
        "",
      ].join("\n"),
    );
  });

  it("shows what a file holds for a terminal, with the caret still below its place", () => {
    const place = { line: 1, column: 7, width: 2, text: "a: \u001b[2J x\r" };
    const fault: LocatedFault = { file: "c.yaml", code: "x", path: [], message: "no\nway", place };
    const printed = printFaults([fault], 1, "text");
    expect(printed.split("\n").slice(1, 3)).toEqual([
      "   1 | a: \\u001b[2J x\\r",
      "     |            ^^",
    ]);
    expect(printed).toContain("no\\nway");
  });

  it("prints one object of JSON", () => {
    expect(JSON.parse(printFaults(faults, 2, "json"))).toEqual({
      schema: "sluicegate.validate/1",
      errors: 2,
      warnings: 1,
      files: 2,
      faults: [
        expect.objectContaining({ file: "a.yaml", line: 2, column: 2, severity: "warning" }),
        expect.objectContaining({ code: "rule.bad-value", hint: "write 10m", path: ["for"] }),
        expect.not.objectContaining({ line: expect.anything() }),
      ],
    });
  });

  it("prints annotations for GitHub with its own escapes", () => {
    const [first] = printFaults(faults, 2, "github").split("\n");
    expect(first).toBe("::warning file=a.yaml,line=2,col=2,title=rule.odd::odd, 100%25");
  });

  it("covers what may be a secret in the line, without moving the caret", () => {
    const line = "{ url: nats://me:hunter2@hub, secret: hunter3, x: 1 }";
    const place = { line: 1, column: line.indexOf("x:") + 1, width: 1, text: line };
    const [fault] = faults;
    if (!fault) throw new Error("no fault");
    const printed = printFaults([{ ...fault, place }], 1, "text");
    expect(printed).not.toMatch(/hunter/);
    expect(printed.split("\n")[1]?.indexOf("x: 1")).toBe(printed.split("\n")[2]?.indexOf("^"));
  });
});

describe("countSentence", () => {
  it("counts errors, warnings and files", () => {
    expect(countSentence(countFaults(faults, 5))).toBe("2 errors, 1 warning in 5 files");
    expect(countSentence(countFaults([], 1))).toBe("0 errors, 0 warnings in 1 file");
  });
});
