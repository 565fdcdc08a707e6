import { expect, test } from "vitest";
import { systemClock } from "../../src/app/system-clock.ts";
import { createAttemptLog } from "../../src/notify/attempt-log.ts";
import { backboneOptionsFor } from "../support/backbone.ts";
import { attempts, setUpAlerts, transition } from "../support/notifying.ts";
import { silentLogger } from "../support/silence.ts";

test("a dead letter that no message can hold is noted without its alert", async () => {
  const { backbone, connection, url } = await setUpAlerts();
  const log = createAttemptLog({
    backbone,
    backboneOptions: backboneOptionsFor(url),
    clock: systemClock,
    logger: silentLogger,
  });
  const alert = transition("f1", 1, 1, { annotations: { summary: "x".repeat(2 ** 21) } });
  const facts = { receiver: "hook", transition: alert.id, instance: "f1", attempt: 3 };
  expect(await log.record({ ...facts, outcome: "dead-letter", reason: "no", alert })).toBe(true);
  expect(await attempts(connection, "hook")).toEqual(["f1-1.1 dead-letter"]);
});
