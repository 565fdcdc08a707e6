/** What is said where a right is missing: which, and how it is given; nothing hangs, nothing spins. */
import { copyFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { systemClock } from "../../src/app/system-clock.ts";
import { toGatewayId, toSiteId, toStreamSeq } from "../../src/core/ids.ts";
import { type Backbone, openBackbone } from "../../src/stream/backbone.ts";
import { appendCommand } from "../../src/stream/command-log.ts";
import { openCommandReader } from "../../src/stream/command-reader.ts";
import { lookAtCopy } from "../../src/stream/commands-copy.ts";
import { ensureStream } from "../../src/stream/ensure-stream.ts";
import { followStream } from "../../src/stream/follow-stream.ts";
import { readStreamFacts } from "../../src/stream/message-get.ts";
import { makeUserKey } from "../../src/stream/nkey.ts";
import { backboneOptions } from "../../src/stream/options.ts";
import { prepareBackbone } from "../../src/stream/prepare-backbone.ts";
import { commandsStreamContract, gatewayStreamContract } from "../../src/stream/stream-contract.ts";
import { connectionOf } from "../support/backbone.ts";
import { sampleCommand } from "../support/commands.ts";
import { permittedBackbone } from "../support/permitted-backbone.ts";
import { silentLogger, silentMetrics } from "../support/silence.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { waitUntil } from "../support/wait-until.ts";

const site = toSiteId("plant-a");
const gw1 = { site, gateway: toGatewayId("gw1") };
const gw2 = { site, gateway: toGatewayId("gw2") };

function backboneOf(url: string, file: string, name: string, told: string[] = []): Backbone {
  const options = backboneOptions.parse({ servers: [url], credentials: { file } });
  const backbone = openBackbone(options, {
    ...{ name, clock: systemClock, random: Math.random, metrics: silentMetrics },
    logger: { ...silentLogger, warn: (_, fields) => void told.push(String(fields?.["reason"])) },
  });
  onTestFinished(() => backbone.close());
  return backbone;
}

test("a missing right is named as it has to stand among the rights, at once", async () => {
  const { seedFile, url } = await permittedBackbone([gw1]);
  const told: string[] = [];
  const processor = backboneOf(url, seedFile("processor"), "sluicegate-processor", told);
  const connection = await connectionOf(processor);
  const options = backboneOptions.parse({ servers: [url] });
  await expect(readStreamFacts(connection, "GW_gw2")).rejects.toMatchObject({
    code: "stream.unauthorized",
    message: expect.stringContaining("no right to publish to $JS.API.STREAM.INFO.GW_gw2;"),
  });
  const from = toStreamSeq(1);
  for (let again = 0; again < 3; again += 1)
    await expect(followStream(connection, "GW_gw2", { from }, systemClock)).rejects.toMatchObject({
      code: "stream.unauthorized",
      message: expect.stringMatching(/no right to publish to \$JS\.API\.[A-Z.]+\.GW_gw2[.>]*;/),
    });
  // What is tried again is told once.
  expect(new Set(told).size).toBe(told.length);

  const gateway = await connectionOf(backboneOf(url, seedFile("gateway-gw1"), "sluicegate-gw1"));
  await expect(ensureStream(gateway, gatewayStreamContract(gw2, options))).rejects.toMatchObject({
    code: "stream.unauthorized",
    message: expect.stringContaining("no right to publish to $JS.API.STREAM.INFO.GW_gw2;"),
  });
});

test("a stream that is missing and may not be made is told with the command that makes it", async () => {
  const hub = await permittedBackbone([gw1]);
  const administrator = await hub.connectAs("administrator", "sluicegate-backbone");
  await administrator.request("$JS.API.STREAM.DELETE.GW_gw1");
  const gateway = await connectionOf(
    backboneOf(hub.url, hub.seedFile("gateway-gw1"), "sluicegate-gw1"),
  );
  const options = backboneOptions.parse({ servers: [hub.url] });
  await expect(ensureStream(gateway, gatewayStreamContract(gw1, options))).rejects.toMatchObject({
    code: "stream.unauthorized",
    message: expect.stringMatching(/GW_gw1 is not there.*`sluicegate backbone prepare`/),
  });
});

test("credentials that are replaced count without a restart", async () => {
  const hub = await permittedBackbone([gw1]);
  const file = join(await tempFolder(), "gateway.nk");
  await writeFile(file, makeUserKey().seed);
  const backbone = backboneOf(hub.url, file, "sluicegate-gw1");
  await waitUntil(
    () => backbone.state.kind === "disconnected" && backbone.state.failure !== undefined,
    "a refusal",
  );
  expect(backbone.state).toMatchObject({ failure: { code: "stream.unauthorized" } });
  await copyFile(hub.seedFile("gateway-gw1"), file);
  await waitUntil(() => backbone.state.kind === "connected", "the connection");
});

test("commands are read from the copy as they come, and one that does not come is told of", async () => {
  const hub = await permittedBackbone([gw1]);
  const administrator = await hub.connectAs("administrator", "sluicegate-backbone");
  const console = await hub.connectAs("console", "sluicegate-console");
  const backbone = backboneOf(hub.url, hub.seedFile("gateway-gw1"), "sluicegate-gw1");
  const stopping = new AbortController();
  const told: string[] = [];
  onTestFinished(() => stopping.abort());
  const deps = {
    ...{ backbone, clock: systemClock, random: Math.random },
    metrics: silentMetrics,
    logger: { ...silentLogger, error: (text: string) => void told.push(text) },
    backboneOptions: backboneOptions.parse({ servers: [hub.url] }),
  };
  const reader = openCommandReader(gw1, undefined, stopping.signal, deps, () => {});
  const send = (id: string) => appendCommand(console, sampleCommand({ ...gw1, id }));
  await send("one");
  expect(await reader.next()).toHaveLength(1);
  const next = reader.next();
  await send("two");
  expect(await next).toHaveLength(1);

  expect(await lookAtCopy(administrator, gw1)).toBe("good");
  await administrator.request("$JS.API.STREAM.DELETE.COMMANDS");
  await ensureStream(administrator, commandsStreamContract(deps.backboneOptions));
  expect(await lookAtCopy(administrator, gw1)).toBe("stuck");
  const again = reader.next();
  await send("three");
  await waitUntil(() => told.length > 0, "it is told that the copy stands still");
  const preparation = { gateways: [gw1], options: deps.backboneOptions, dryRun: false, anew: true };
  const states: string[] = [];
  for await (const { name, state } of prepareBackbone(administrator, preparation))
    if (name === "CMD_gw1") states.push(state);
  expect(states).toEqual(["made anew"]);
  expect((await again)?.map(({ order }) => order)).toEqual(["command"]);
});
