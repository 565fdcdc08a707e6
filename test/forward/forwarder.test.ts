import { describe, expect, test } from "vitest";
import { MemoryLog } from "../support/memory-log.ts";
import { natsServer } from "../support/nats-server.ts";
import { idsOf, origin, readIds, startForwarding, until } from "./rig.ts";

describe("forwarder", () => {
  test("sends what the log has and what is appended later, in order", async () => {
    const server = await natsServer();
    const log = new MemoryLog(origin);
    log.appendMany(3_000);
    const { forwarder } = startForwarding(server.url, log);
    await until("backlog sent", () => log.confirmed?.seq === 3_000);
    await until("linked", () => forwarder.state().kind === "linked");
    log.appendMany(500);
    await until("all sent", () => log.confirmed?.seq === 3_500);
    expect(await readIds(server.url)).toEqual(idsOf(1, 3_500));
    expect(forwarder.state().sent).toBe(3_500);
  });
});
