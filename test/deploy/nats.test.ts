/** The configurations of nats-server that come along, each started and written to by a forwarder. */
import { spawnSync } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { connect } from "@nats-io/transport-node";
import { describe, expect, it } from "vitest";
import * as subjects from "../../src/core/subject.ts";
import { idsOf } from "../forward/rig.ts";
import {
  natsFiles,
  natsPrograms,
  natsSite,
  ShippedNatsServer,
} from "../support/shipped-nats-server.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { forward, hubWithLeaves, idsIn, leafOf, logOf } from "./nats-rig.ts";

describe.each(natsPrograms)("%s", (program) => {
  it("single.conf serves who has a user, over TLS, and nobody else", async () => {
    const site = await natsSite(await tempFolder(), program);
    const server = await ShippedNatsServer.start(site, program, {
      name: "hub",
      file: "single.conf",
    });
    await forward(site, [server], logOf(100))();
    expect(await idsIn(await server.client())).toEqual(idsOf(1, 100));
    const tls = { caFile: join(site.tls, "ca.crt") };
    await expect(connect({ servers: server.url, tls, reconnect: false })).rejects.toThrow(
      /authorization/i,
    );
    await expect(connect({ servers: server.url, reconnect: false })).rejects.toThrow();
  });

  it("leaf.conf is a way to the hub on which each event arrives once, however often it breaks", async () => {
    const { hub, site } = await hubWithLeaves(program);
    const leaf = await ShippedNatsServer.start(site, program, leafOf("plant-a", "leaf.conf"));
    const log = logOf(50);
    const confirmed = forward(site, [leaf], log);
    for (let turn = 0; turn < 3; turn += 1) {
      await confirmed();
      log.appendMany(500);
      await (turn === 1 ? hub : leaf).kill();
      log.appendMany(50);
      await (turn === 1 ? hub : leaf).start();
    }
    await confirmed();
    expect(await idsIn(await hub.client())).toEqual(idsOf(1, 1_700));
    const stranger = leafOf("stranger", "leaf.conf");
    await (await ShippedNatsServer.start(site, program, stranger)).refused();
  });
});

it("a leaf node with its own streams lets no subject of ours through in either direction", async () => {
  const text = await readFile(join(natsFiles, "leaf-domain.conf"), "utf8");
  const denied = Array.from(text.matchAll(/"([a-z$A-Z]+)\.>"/g), ([, first]) => first);
  const ours = Object.values(subjects)
    .filter((value) => typeof value === "string" && value.endsWith(".>"))
    .map((value) => String(value).split(".", 1)[0]);
  for (const first of ["ev", "notify", "$KV", ...ours])
    expect(
      denied.filter((one) => one === first),
      first,
    ).toHaveLength(2);
});

it("a server that cannot sync each message refuses the file that says so", async () => {
  const [old = ""] = natsPrograms;
  const path = join(await tempFolder(), "one.conf");
  const text = await readFile(join(natsFiles, "sync-always.conf"), "utf8");
  await writeFile(path, `jetstream {\n${text}\n}`);
  const said = spawnSync(old, ["-t", "-c", path], { encoding: "utf8" });
  const isOld = spawnSync(old, ["-v"], { encoding: "utf8" }).stdout.includes("v2.9.");
  expect(said.status, said.stderr).toBe(isOld ? 1 : 0);
});
