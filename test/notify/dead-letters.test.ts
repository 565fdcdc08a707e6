import { describe, expect, test } from "vitest";
import { DeadLetters } from "../../src/notify/dead-letters.ts";
import type { DeliveryAttempt } from "../../src/stream/notify-log.ts";
import { transition } from "../support/notifying.ts";

function attempt(
  receiver: string,
  instance: string,
  n: number,
  outcome: DeliveryAttempt["outcome"],
): DeliveryAttempt {
  const alert = transition(instance, 1, n);
  return {
    schema: "notify.attempt/1",
    receiver,
    transition: alert.id,
    instance,
    attempt: 3,
    outcome,
    reason: "answered 404; given up",
    ...(outcome === "dead-letter" && { alert }),
    at: "2026-11-21T14:02:10.000Z",
  };
}

function lettersOf(...attempts: readonly DeliveryAttempt[]): DeadLetters {
  const letters = new DeadLetters();
  for (const one of attempts) letters.take(one);
  return letters;
}

describe("dead letters", () => {
  test("are those after which the receiver was not told of the instance", () => {
    const letters = lettersOf(
      attempt("hook", "f1", 1, "dead-letter"),
      attempt("hook", "f1", 2, "dead-letter"),
      attempt("hook", "f2", 1, "dead-letter"),
      attempt("mail", "f2", 1, "dead-letter"),
      attempt("hook", "f2", 2, "delivered"),
      attempt("hook", "f3", 1, "failed"),
    );
    expect(letters.of("hook").map(({ alert }) => alert.id)).toEqual(["f1-1.1", "f1-1.2"]);
    expect(letters.of().map(({ receiver }) => receiver)).toEqual(["hook", "hook", "mail"]);
  });

  test("of one transition are one, as it was given up last", () => {
    const again = { ...attempt("hook", "f1", 1, "dead-letter"), attempt: 4 };
    const letters = lettersOf(attempt("hook", "f1", 1, "dead-letter"), again);
    expect(letters.of()).toMatchObject([{ attempts: 4, reason: "answered 404; given up" }]);
  });
});
