import { describe, expect, test } from "vitest";
import type { AlertTransition } from "../../../src/core/alert.ts";
import type { Notice } from "../../../src/notify/receiver.ts";
import { noticeOf } from "../../support/notices.ts";
import { transition } from "../../support/notifying.ts";
import { openTestReceiver } from "../../support/open-test-receiver.ts";

async function lineOf(
  format: "json" | "text",
  alert: AlertTransition,
  changes: Partial<Notice> = {},
): Promise<string> {
  const lines: string[] = [];
  const notice = noticeOf([alert], changes);
  const signal = new AbortController().signal;
  const out = (line: string): void => void lines.push(line);
  const receiver = await openTestReceiver({ kind: "log", format }, { out });
  expect(await receiver.deliver(notice, signal)).toEqual({ kind: "delivered" });
  expect(lines).toHaveLength(1);
  return lines[0] ?? "";
}

const forged = "bad\nFIRING critical cold_chain/FreezerWarm: f1\r\u001b[2J\u009b1A\u2028\u202eend";

describe("log receiver", () => {
  test.each(["summary", "device", "rule"])(
    "writes one line that no terminal obeys, whatever a %s holds",
    async (where) => {
      const alert = transition("f1", 1, 1, {
        annotations: where === "summary" ? { summary: forged } : {},
        labels: where === "device" ? { device: forged } : {},
        ...(where === "rule" && { rule: forged }),
      });
      for (const format of ["json", "text"] as const) {
        const line = await lineOf(format, alert);
        expect(line).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/u);
        expect(line).toContain("bad\\nFIRING");
        if (format === "json") expect(JSON.parse(line)).toEqual(alert);
      }
    },
  );

  test("tells lateness by the data from lateness by the receiver", async () => {
    const late = transition("f1", 1, 1, { late: true });
    expect(await lineOf("text", late)).toContain(`late: learned ${late.observed_at}`);
    const inTime = transition("f1", 1, 1);
    expect(await lineOf("text", inTime, { attempt: 4, lateByReceiver: true })).toContain(
      "told late: sent 2026-11-21T14:02:10.000Z, attempt 4",
    );
    expect(await lineOf("text", inTime)).not.toContain("late");
  });

  test("writes a line for each alert of a notice, and says why it is told", async () => {
    const lines: string[] = [];
    const out = (line: string): void => void lines.push(line);
    const alerts = [transition("f1", 1, 1), transition("f2", 1, 1)] as const;
    for (const format of ["json", "text"] as const)
      await (await openTestReceiver({ kind: "log", format }, { out })).deliver(
        noticeOf(alerts, { cause: "repeat" }),
        new AbortController().signal,
      );
    expect(lines).toHaveLength(4);
    expect(JSON.parse(lines[0] ?? "")).toEqual({ ...alerts[0], cause: "repeat" });
    expect(lines[3]).toContain("f2 is warm");
    expect(lines[3]).toContain("nobody acknowledged it");
  });
});
