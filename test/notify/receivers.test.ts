/** What every kind of receiver promises: held against all entries of the table. */
import { describe, expect, it } from "vitest";
import type { Delivery } from "../../src/notify/receiver.ts";
import { receiverKinds } from "../../src/notify/receivers.ts";
import { noticeOf } from "../support/notices.ts";
import { transition } from "../support/notifying.ts";
import { openTestReceiver } from "../support/open-test-receiver.ts";
import type { ReceiverTrial, World } from "./receivers/trial.ts";

async function trialOf(kind: string): Promise<ReceiverTrial> {
  const { trial }: { trial: ReceiverTrial } = await import(`./receivers/${kind}.ts`);
  return trial;
}

/** Tells of one transition, several times at once. */
async function deliver(
  { entry, surroundings }: World,
  times = 1,
  signal = new AbortController().signal,
): Promise<Delivery[]> {
  const receiver = await openTestReceiver(entry, surroundings);
  expect(receiver.giveUpAfterMs).toBeGreaterThan(0);
  const notice = noticeOf([transition("f1", 1, 1)]);
  return Promise.all(Array.from({ length: times }, () => receiver.deliver(notice, signal)));
}

describe.each(receiverKinds.map(({ name }) => name))("a receiver of the kind %s", (kind) => {
  it("is delivered to when it takes the notice, however many come at a time", async () => {
    const world = await (await trialOf(kind)).taken();
    expect(await deliver(world, 3)).toEqual(Array(3).fill({ kind: "delivered" }));
    if (!world.arrived) return;
    const said = world.arrived();
    expect(said).toHaveLength(3);
    for (const one of said) expect(one).toContain("FreezerWarm");
  });

  it("says in words that a notice will never be taken", async () => {
    const { refused } = await trialOf(kind);
    if (!refused) return;
    expect(await deliver(await refused())).toEqual([
      { kind: "refused", reason: expect.stringMatching(/\S/) },
    ]);
  });

  it("says in words what failed, and does not reject", async () => {
    const { broken } = await trialOf(kind);
    if (!broken) return;
    expect(await deliver(await broken())).toMatchObject([
      { kind: "failed", reason: expect.stringMatching(/\S/) },
    ]);
  });

  it("ends when it is cut off, and has not been told then or has", async () => {
    const { broken, taken } = await trialOf(kind);
    const [delivery] = await deliver(await (broken ?? taken)(), 1, AbortSignal.abort());
    expect(delivery?.kind).toBe(broken ? "failed" : "delivered");
  });
});
