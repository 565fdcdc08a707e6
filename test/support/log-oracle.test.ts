import { expect, it } from "vitest";
import { toRunId, toSeq } from "../../src/core/ids.ts";
import { LogOracle } from "./log-oracle.ts";
import type { KeptRecord } from "./test-log.ts";

const run = toRunId("r2000000");

/** A gap event that says which records from 1 to 2 are gone. */
function gapOf(seq: number, ...classes: readonly string[]): KeptRecord {
  const ranges = classes.map((one) => ({
    ...{ run, from: 1, to: 2, count: 1, class: one, reason: "dropped-full" },
  }));
  const text = JSON.stringify({
    ...{ specversion: "1.0", id: `gw1.${run}.${seq}`, source: "/plant-a/gw1" },
    ...{ type: "io.sluicegate.gap.v1", time: "2026-11-21T14:00:00.000Z" },
    ...{ datacontenttype: "application/json", received: "2026-11-21T14:00:00.000Z" },
    ...{ clock: "gateway", data: { ranges } },
  });
  const own = { kind: "gap", recordClass: "alarm", deviceToken: "=" } as const;
  return { ...own, run, seq: toSeq(seq), appendedMs: 0, text };
}

/** A crash left nothing of record 1; the event of the next run took its seq before it was durable. */
function afterCrash(): LogOracle {
  const oracle = new LogOracle();
  oracle.begin({ durableSeq: toSeq(0), lastSeq: toSeq(0), confirmed: undefined });
  oracle.give("gw1.r1000000.1", "a reading", "telemetry");
  oracle.begin({ durableSeq: toSeq(0), lastSeq: toSeq(1), confirmed: undefined });
  oracle.give(`gw1.${run}.2`, "another", "telemetry");
  oracle.promise(2, "another");
  return oracle;
}

const at = { durableSeq: toSeq(3), lastSeq: toSeq(3) };

it("an event of the log that took the seq of a record that was lost in a crash counts as its own", () => {
  expect(() => afterCrash().check([gapOf(3, "telemetry", "alarm")], true, at)).not.toThrow();
});

it("whose loss nobody declares is missed", () => {
  expect(() => afterCrash().check([gapOf(3, "alarm")], true, at)).toThrow("lost in silence");
});
