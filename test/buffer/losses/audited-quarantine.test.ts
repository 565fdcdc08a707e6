import { expect, test } from "vitest";
import type { AuditFacts } from "../../../src/core/audit.ts";
import { ManualClock } from "../../support/manual-clock.ts";
import { SimDisk } from "../../support/sim-disk.ts";
import { appendMany, openTestLog, settle, testFolder } from "../../support/test-log.ts";

test("what is set aside stands in the audit log exactly once, and not again at the next start", async () => {
  const noted: AuditFacts[] = [];
  const audit = { note: (facts: AuditFacts) => void noted.push(facts), count() {} };
  const disk = new SimDisk({ random: () => 0 });
  const clock = new ManualClock();
  const log = await openTestLog({ disk, clock }, "a", {}, { audit });
  await appendMany(log, 1, 10);
  const survived = disk.crash();
  survived.damage(`${testFolder}/00000000000000000001.seg`, (bytes) => bytes.subarray(0, -50));
  for (const run of ["b", "c"]) {
    const again = await openTestLog({ disk: survived, clock }, run, {}, { audit });
    await settle();
    await again.close();
    expect(noted.map(({ action, target }) => `${action} ${target}`)).toEqual([
      "quarantine 00000000000000000001.seg",
    ]);
  }
});
