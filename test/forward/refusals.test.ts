import { DiscardPolicy, jetstreamManager, StorageType } from "@nats-io/jetstream";
import { describe, expect, test } from "vitest";
import { MemoryLog } from "../support/memory-log.ts";
import { natsServer } from "../support/nats-server.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { idsOf, origin, plainClient, readIds, startForwarding, stream, until } from "./rig.ts";

describe("refusals", () => {
  test("sets a record aside that is too large, declares it, and sends the rest", async () => {
    const server = await natsServer({ configuration: "max_payload: 4KB" });
    const log = new MemoryLog(origin);
    log.appendMany(10);
    log.appendMany(1, 5_000);
    log.appendMany(10);
    startForwarding(server.url, log);
    await until("all sent", () => log.confirmed?.seq === 22);
    expect(log.gaps()).toEqual([
      { run: "run00001", from: 11, to: 11, count: 1, class: "telemetry", reason: "set-aside" },
    ]);
    expect(await readIds(server.url)).toEqual([...idsOf(1, 10), ...idsOf(12, 22)]);
  });

  test("declares a record that is too large once, also when it starts anew before the next", async () => {
    const folder = await tempFolder();
    const configuration = "max_payload: 4KB";
    const server = await natsServer({ folder, configuration });
    const log = new MemoryLog(origin);
    log.appendMany(3);
    log.appendMany(1, 5_000);
    const { stop } = startForwarding(server.url, log);
    await until("set aside", () => log.gaps().length === 1);
    await stop();
    // What was stored behind it is gone, so the record comes up again.
    const behind = new MemoryLog(origin, "run00002", log);
    behind.loseCursor();
    const manager = await jetstreamManager(await plainClient(server.url));
    await manager.streams.delete(stream);
    behind.appendMany(3);
    startForwarding(server.url, behind);
    await until("all sent", () => behind.confirmed?.seq === 8);
    expect(behind.gaps()).toHaveLength(1);
    const ids = [...idsOf(1, 3), ...idsOf(5, 5), ...idsOf(6, 8, "run00002")];
    expect(await readIds(server.url)).toEqual(ids);
  });

  test("sets aside what the stream itself calls too large", async () => {
    const server = await natsServer();
    const log = new MemoryLog(origin);
    log.appendMany(3);
    startForwarding(server.url, log);
    await until("first sent", () => log.confirmed?.seq === 3);
    const manager = await jetstreamManager(await plainClient(server.url));
    const { config } = await manager.streams.info(stream);
    await manager.streams.update(stream, { ...config, max_msg_size: 1_000 });
    log.appendMany(1, 2_000);
    await until("set aside", () => log.gaps().length === 1);
    // A stream with a limit is not one of ours; it is used again when the limit is gone.
    await manager.streams.update(stream, config);
    log.appendMany(3);
    await until("all sent", () => log.confirmed?.seq === 8);
    expect(log.gaps()).toMatchObject([{ from: 4, to: 4, count: 1, reason: "set-aside" }]);
    expect(await readIds(server.url)).toEqual([...idsOf(1, 3), ...idsOf(5, 8)]);
  });

  test("keeps everything while the stream has other settings, and names each of them", async () => {
    const server = await natsServer();
    const manager = await jetstreamManager(await plainClient(server.url));
    await manager.streams.add({
      name: stream,
      subjects: ["ev.plant-b.gw1.>"],
      storage: StorageType.Memory,
      discard: DiscardPolicy.New,
      deny_delete: true,
      deny_purge: true,
    });
    const log = new MemoryLog(origin);
    log.appendMany(10);
    const { forwarder } = startForwarding(server.url, log);
    await until("blocked", () => forwarder.state().kind === "blocked");
    const reason = forwarder.state().reason ?? "";
    expect(reason).toContain("subjects is ev.plant-b.gw1.>, not ev.plant-a.gw1.>");
    expect(reason).toContain("storage is memory, not file");
    expect(reason).toContain("discard is new, not old");
    expect(reason).not.toContain("deny_delete");
    expect(log.confirmed).toBeUndefined();
    await manager.streams.delete(stream);
    await until("all sent", () => log.confirmed?.seq === 10);
    expect(await readIds(server.url)).toEqual(idsOf(1, 10));
  });

  test("keeps everything while the stream takes no more, and goes on when it does", async () => {
    const server = await natsServer();
    const log = new MemoryLog(origin);
    log.appendMany(10);
    const { forwarder } = startForwarding(server.url, log);
    await until("first sent", () => log.confirmed?.seq === 10);
    const manager = await jetstreamManager(await plainClient(server.url));
    const { config } = await manager.streams.info(stream);
    // Full, and not allowed to forget: what a storage limit of an account looks like.
    await manager.streams.update(stream, { ...config, max_msgs: 12, discard: DiscardPolicy.New });
    log.appendMany(10);
    await until("blocked", () => forwarder.state().kind === "blocked");
    await until("filled up", async () => (await readIds(server.url)).length === 12);
    await manager.streams.update(stream, config);
    await until("all sent", () => log.confirmed?.seq === 20);
    expect(await readIds(server.url)).toEqual(idsOf(1, 20));
    expect(log.gaps()).toEqual([]);
  });

  test("is blocked with a reason where JetStream is off", async () => {
    const server = await natsServer({
      configuration: "accounts { plain { users = [{ user: nobody }] } }\nno_auth_user: nobody",
    });
    const log = new MemoryLog(origin);
    log.appendMany(1);
    const { forwarder } = startForwarding(server.url, log);
    await until("blocked", () => forwarder.state().kind === "blocked");
    expect(forwarder.state().reason).toMatch(/GW_gw1.*jetstream/i);
    expect(log.confirmed).toBeUndefined();
  });
});
