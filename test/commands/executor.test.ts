import { describe, expect, test } from "vitest";
import { formatPage, parsePage } from "../../src/commands/ledger-page.ts";
import type { Command } from "../../src/core/command.ts";
import { toDeviceId } from "../../src/core/ids.ts";
import { CommandWorld, type Kind, timeoutMs } from "../support/command-world.ts";
import { sampleCommand } from "../support/commands.ts";

let count = 0;

function issue(world: CommandWorld, name: Kind, validMs = 60_000): Command {
  count += 1;
  const issuedMs = world.clock.wallMs();
  const command = sampleCommand({
    id: `c-${count}`,
    name,
    issuedMs,
    expiresMs: issuedMs + validMs,
  });
  world.issue(command);
  return command;
}

describe("commands of a gateway", () => {
  test("have their device do one after the other, in their order", async () => {
    const world = await CommandWorld.start();
    const [first, second] = [issue(world, "set"), issue(world, "set")];
    await world.read();
    expect(world.writes.map(({ id }) => id)).toEqual([first.id]);
    expect(world.steps(second.id)[0]).toMatchObject({ state: "queued", text: "1 before it" });
    await world.answer();
    expect(world.states(first.id)).toEqual(["queued", "sent", "delivered", "acknowledged."]);
    expect(world.writes.map(({ id }) => id)).toEqual([first.id, second.id]);
  });

  test("leave only when the step that says so is on disk", async () => {
    const world = await CommandWorld.start();
    world.isDiskFast = false;
    const command = issue(world, "toggle");
    await world.read();
    await world.pass(20_000);
    expect(world.writes).toEqual([]);
    world.isDiskFast = true;
    await world.pass(1_000);
    expect(world.writes).toHaveLength(1);
    await world.answer();
    expect(world.states(command.id).at(-1)).toBe("acknowledged.");
  });

  test("do not leave once they expired while the disk stood still", async () => {
    const world = await CommandWorld.start();
    world.isDiskFast = false;
    const command = issue(world, "toggle", 5_000);
    await world.read();
    await world.pass(6_000);
    world.isDiskFast = true;
    await world.pass(1_000);
    expect(world.writes).toEqual([]);
    expect(world.states(command.id)).toEqual(["queued", "sent", "expired."]);
  });

  test("do not leave once they expired, also where the time is not known any more", async () => {
    const world = await CommandWorld.start();
    world.isDiskFast = false;
    const command = issue(world, "toggle", 5_000);
    await world.read();
    await world.pass(1_000);
    world.isSynced = false;
    await world.pass(5_000);
    world.isDiskFast = true;
    await world.pass(1_000);
    expect(world.writes).toEqual([]);
    expect(world.states(command.id)).toEqual(["queued", "sent", "expired."]);
  });

  test("expire by the time that has passed, also where the clock was set back", async () => {
    const world = await CommandWorld.start();
    world.reach = "later";
    const command = issue(world, "set", 5_000);
    await world.read();
    world.clock.step(-3_600_000);
    await world.pass(6_000);
    world.reach = "now";
    await world.pass(2_000);
    expect(world.states(command.id)).toEqual(["queued", "expired."]);
    expect(world.writes).toEqual([]);
  });

  test("are of use no longer than whoever issued them said, also where their clock is ahead", async () => {
    const world = await CommandWorld.start();
    world.reach = "later";
    const aheadMs = 24 * 3_600_000;
    const issuedMs = world.clock.wallMs() + aheadMs;
    const command = sampleCommand({
      id: "ahead",
      name: "set",
      issuedMs,
      expiresMs: issuedMs + 5_000,
    });
    const untilMs = world.clock.wallMs() + 5_000;
    world.issue(command);
    await world.read();
    expect(world.steps("ahead")[0]?.validUntil).toBe(new Date(untilMs).toISOString());
    await world.pass(500);
    world.save();
    await world.crash();
    await world.pass(6_000);
    world.reach = "now";
    await world.pass(2_000);
    expect(world.states("ahead").at(-1)).toBe("expired.");
    expect(world.writes).toEqual([]);
  });

  test("say that they came behind their end, where the clock of whoever issued them is late", async () => {
    const world = await CommandWorld.start();
    const issuedMs = world.clock.wallMs() - 24 * 3_600_000;
    world.issue(sampleCommand({ id: "late", name: "set", issuedMs, expiresMs: issuedMs + 5_000 }));
    await world.read();
    await world.pass(500);
    expect(world.steps("late")).toMatchObject([
      { state: "expired", text: "it came behind its end, by the clock of the gateway" },
    ]);
  });

  test("are taken back by words about their own device only", async () => {
    const world = await CommandWorld.start();
    world.reach = "later";
    const command = issue(world, "set");
    world.takeBack({ ...command, device: toDeviceId("freezer-08") });
    await world.read();
    await world.pass(500);
    expect(world.states(command.id)).toEqual(["queued"]);
    world.takeBack(command);
    await world.read();
    await world.pass(500);
    expect(world.states(command.id)).toEqual(["queued", "cancelled."]);
  });

  test("are taken back before they come by words about their own device only, too", async () => {
    const world = await CommandWorld.start();
    world.reach = "later";
    const [other, own] = ["other", "own"].map((id) => sampleCommand({ id, name: "set" }));
    if (!other || !own) throw new Error("no commands");
    world.takeBack({ ...other, device: toDeviceId("freezer-08") });
    world.takeBack(own);
    await world.read();
    await world.pass(500);
    world.save();
    await world.crash();
    for (const command of [other, own]) world.issue(command);
    await world.read();
    await world.pass(500);
    expect(world.states("other")).toEqual(["queued"]);
    expect(world.states("own")).toEqual(["cancelled."]);
  });

  test("that ended behind one under way make room, however many were taken back", async () => {
    const world = await CommandWorld.start();
    world.mood = { outcome: "hang", arrives: true, answer: "none" };
    issue(world, "toggle");
    for (let round = 0; round < 2; round += 1) {
      const commands = Array.from({ length: 63 }, () => issue(world, "set"));
      for (const command of commands) world.takeBack(command);
      await world.read();
      await world.pass(0);
      for (const { id } of commands) expect(world.states(id)).toEqual(["queued", "cancelled."]);
    }
  });

  test("are not sent again where records that may have told of them are missing", async () => {
    const world = await CommandWorld.start();
    world.mood = { outcome: "delivered", arrives: true, answer: "none" };
    world.reach = "later";
    const [old, other] = [issue(world, "toggle"), issue(world, "blind")];
    await world.read();
    await world.pass(500);
    world.save();
    world.reach = "now";
    await world.pass(30_000);
    const fresh = issue(world, "blind");
    await world.read();
    await world.pass(1_000);
    expect(world.writes.map(({ id }) => id)).toEqual([old.id, other.id, fresh.id]);
    world.log.forget();
    const nowMs = world.clock.wallMs();
    world.log.append({
      ...{ kind: "status", device: null, timeMs: nowMs, receivedMs: nowMs, clock: "gateway" },
      data: { state: "unknown", cause: "gateway-started" },
    });
    await world.pass(0);
    await world.crash();
    await world.read();
    const later = issue(world, "blind");
    await world.read();
    await world.pass(30_000);
    expect(world.writes.map(({ id }) => id)).toEqual([old.id, other.id, fresh.id, later.id]);
    for (const { id } of [old, other, fresh]) expect(world.steps(id).at(-1)?.state).toBe("unknown");
  });

  test("wait while the gateway does not know the time", async () => {
    const world = await CommandWorld.start();
    world.isSynced = false;
    const command = issue(world, "set");
    await world.read();
    await world.pass(5_000);
    expect(world.writes).toEqual([]);
    expect(world.steps(command.id).at(-1)?.text).toContain("clock of the gateway is not set");
    world.isSynced = true;
    await world.pass(2_000);
    expect(world.writes).toHaveLength(1);
  });

  test("tell the difference between a device that is silent and one that nobody knows of", async () => {
    const world = await CommandWorld.start();
    world.mood = { outcome: "delivered", arrives: true, answer: "none" };
    const silent = issue(world, "toggle");
    await world.read();
    await world.pass(timeoutMs + 1_000);
    expect(world.steps(silent.id).at(-1)).toMatchObject({
      state: "timed-out",
      text: "no answer within 10s",
      final: true,
    });
    world.mood = { outcome: "unknown", arrives: true, answer: "none" };
    const unsure = issue(world, "blind");
    await world.read();
    await world.pass(1_000);
    expect(world.states(unsure.id).at(-1)).toBe("unknown.");
  });

  test("are not changed by an answer that comes late", async () => {
    const world = await CommandWorld.start();
    const command = issue(world, "toggle");
    await world.read();
    await world.pass(timeoutMs + 1_000);
    const before = world.states(command.id);
    await world.answer();
    await world.pass(1_000);
    expect(before.at(-1)).toBe("timed-out.");
    expect(world.states(command.id)).toEqual(before);
  });

  test("are not told by the answer to one before them, where answers do not say to which they are", async () => {
    const world = await CommandWorld.start();
    const first = issue(world, "press");
    await world.read();
    await world.pass(timeoutMs + 500);
    expect(world.states(first.id).at(-1)).toBe("timed-out.");
    world.mood = { outcome: "unknown", arrives: false, answer: "yes" };
    const second = issue(world, "press");
    await world.read();
    await world.answer();
    await world.pass(timeoutMs + 500);
    expect(world.steps(second.id).at(-1)).toMatchObject({
      state: "unknown",
      text: "an answer came that may be to a command before it, which had none",
    });
  });

  test("are acknowledged where as many answers came as they and those before them are owed", async () => {
    const world = await CommandWorld.start();
    issue(world, "press");
    await world.read();
    await world.pass(timeoutMs + 500);
    const second = issue(world, "press");
    await world.read();
    await world.answer();
    await world.answer();
    expect(world.states(second.id).at(-1)).toBe("acknowledged.");
    const third = issue(world, "press");
    await world.read();
    await world.answer();
    expect(world.states(third.id).at(-1)).toBe("acknowledged.");
  });

  test("share their answer where the device takes them as the same", async () => {
    const world = await CommandWorld.start();
    world.mood = { outcome: "unknown", arrives: false, answer: "none" };
    const first = issue(world, "hold");
    await world.read();
    await world.pass(2 * timeoutMs + 1_000);
    expect(world.states(first.id).at(-1)).toBe("unknown.");
    world.mood = { outcome: "delivered", arrives: true, answer: "yes" };
    const second = issue(world, "hold");
    await world.read();
    await world.answer();
    expect(world.states(second.id).at(-1)).toBe("acknowledged.");
  });

  test("take an answer to an earlier try while they wait for another", async () => {
    const world = await CommandWorld.start();
    const command = issue(world, "set");
    await world.read();
    world.reach = "later";
    await world.pass(timeoutMs + 500);
    expect(world.states(command.id).at(-1)).toBe("delivered");
    await world.answer();
    expect(world.states(command.id).at(-1)).toBe("acknowledged.");
    expect(world.writes).toHaveLength(1);
  });

  test("say that they wait for a device that went between two tries", async () => {
    const world = await CommandWorld.start();
    const command = issue(world, "set");
    await world.read();
    world.reach = "later";
    await world.pass(timeoutMs + 3_000);
    expect(world.states(command.id)).toEqual(["queued", "sent", "delivered", "delivered"]);
    expect(world.steps(command.id).at(-1)?.text).toMatch(/is not there; it may have arrived/);
    world.save();
    await world.crash();
    world.reach = "now";
    await world.pass(2_000);
    await world.answer();
    expect(world.states(command.id).slice(4)).toEqual(["sent", "delivered", "acknowledged."]);
  });

  test("are told when it is too late to take them back", async () => {
    const world = await CommandWorld.start();
    const command = issue(world, "toggle");
    await world.read();
    world.takeBack(command);
    world.takeBack(command);
    await world.read();
    await world.answer();
    const texts = world.steps(command.id).flatMap(({ text }) => text ?? []);
    expect(texts).toEqual(["too late to take it back; by kim"]);
    expect(world.states(command.id).at(-1)).toBe("acknowledged.");
  });

  test("are refused beyond what a device, or the gateway, may have before it", async () => {
    const world = await CommandWorld.start();
    world.reach = "later";
    const commands = Array.from({ length: 66 }, () => issue(world, "set"));
    await world.read();
    await world.pass(0);
    const last = commands.at(-1)?.id ?? "";
    expect(world.steps(last)[0]).toMatchObject({
      state: "refused",
      text: "freezer-07 has 64 commands before it already",
    });
    expect(world.executor.status()).toMatchObject({ open: 64, waiting: 64, ended: { refused: 2 } });
  });

  test("are refused beyond what they may weigh", async () => {
    const world = await CommandWorld.start();
    world.reach = "later";
    const large = Object.fromEntries(
      Array.from({ length: 40 }, (_, at) => [`p${at}`, "x".repeat(1_000)]),
    );
    const device = (nth: number) => toDeviceId(`freezer-${nth}`);
    for (let at = 0; at < 200; at += 1)
      world.issue(
        sampleCommand({ id: `w-${at}`, device: device(at % 10), name: "set", params: large }),
      );
    await world.read();
    await world.pass(500);
    const refused = (text: string) =>
      world.orders.filter(
        (_, at) => world.steps(`w-${at}`).find(({ state }) => state === "refused")?.text === text,
      ).length;
    expect(refused("the gateway has 4.0 MiB of commands in hand already")).toBeGreaterThan(80);
    expect(JSON.stringify(world.executor.page()).length).toBeLessThan(5_000_000);
    const fresh = await CommandWorld.start();
    fresh.reach = "later";
    for (let at = 0; at < 20; at += 1)
      fresh.issue(sampleCommand({ id: `u-${at}`, name: "set", params: large }));
    await fresh.read();
    await fresh.pass(500);
    expect(fresh.steps("u-19").at(-1)?.text).toBe(
      "freezer-07 has 512.0 KiB of commands before it already",
    );
  });

  test("are unknown where they come again and may be among those that were too many to remember", async () => {
    const world = await CommandWorld.start();
    for (let at = 0; at < 4_200; at += 1) {
      const device = toDeviceId(`freezer-${at % 70}`);
      world.issue(sampleCommand({ id: `m-${at}`, name: "blind", device, expiresMs: 2e12 }));
      if (at % 70 < 69) continue;
      await world.read();
      await world.pass(500);
    }
    expect(world.writes).toHaveLength(4_200);
    world.executor.readAgain();
    world.save();
    await world.crash();
    await world.read();
    await world.pass(10_000);
    expect(world.writes).toHaveLength(4_200);
  });

  test("go on by the log alone where the ledger is lost, and are unknown from before it", async () => {
    const world = await CommandWorld.start();
    world.mood = { outcome: "hang", arrives: true, answer: "none" };
    const [sent, queued] = [issue(world, "toggle"), issue(world, "set")];
    await world.read();
    world.loseLedger();
    await world.crash();
    world.mood = { outcome: "delivered", arrives: true, answer: "yes" };
    await world.read();
    await world.pass(timeoutMs + 1_000);
    await world.answer();
    expect(world.states(sent.id)).toEqual(["queued", "sent", "unknown."]);
    expect(world.states(queued.id).at(-1)).toBe("acknowledged.");
  });

  test("are refused once the profile of the device has them no more", async () => {
    const world = await CommandWorld.start();
    world.reach = "later";
    const command = issue(world, "set");
    await world.read();
    world.isKnown = false;
    world.executor.wake();
    await world.pass(2_000);
    expect(world.steps(command.id).at(-1)).toMatchObject({
      state: "refused",
      text: "nobody knows it",
    });
  });
});

describe("the page of the ledger", () => {
  test("comes back as it was written, and not at all where it is damaged", async () => {
    const world = await CommandWorld.start();
    world.reach = "later";
    issue(world, "set");
    await world.read();
    const page = world.executor.page();
    const text = formatPage(page);
    expect(parsePage(text)).toEqual(JSON.parse(JSON.stringify(page)));
    for (const damaged of [
      "",
      "{}",
      text.slice(0, -20),
      text.replace('"queued"', '"lost"'),
      text.replace("set", "get"),
    ])
      expect(parsePage(damaged)).toBeUndefined();
  });
});
