/** Bridges as the console shows them, that run in other processes. */
import { expect, test } from "vitest";
import { startBridge } from "../support/bridging.ts";
import { consoleRole } from "../support/console-role.ts";
import { publishRecords, reading, stream } from "../support/gateway-stream.ts";
import { setUpStreams } from "../support/history.ts";
import { siteText } from "../support/memory-site.ts";
import { waitUntil } from "../support/wait-until.ts";
import { webhookServer } from "../support/webhook-server.ts";

const events = (from: number, count: number) =>
  Array.from({ length: count }, (_, at) => reading("f1", from + at, from + at));

async function shown(ask: Awaited<ReturnType<typeof consoleRole>>["ask"], text: string) {
  return waitUntil(async () => {
    const { body } = await ask("/flow");
    return JSON.stringify(body ?? "").includes(text) && body;
  }, `the flow shows ${text}`);
}

test("the flow shows each target: how far behind, what it refused, and what does not go", async () => {
  let status = 204;
  const server = await webhookServer((body) => ({
    status: body.includes('"v":2}') ? 400 : status,
  }));
  const { url, backbone, connection } = await setUpStreams();
  await publishRecords(connection, "aaaaaaaa", 1, events(1, 3));
  const hub = { name: "hub", kind: "http", url: server.url };
  const written = `bridge: [${JSON.stringify(hub)}, { name: spare, kind: http, url: "http://127.0.0.1:9/" }]\n`;
  const one = await consoleRole(url, { "sluicegate.yaml": siteText + written });

  expect(await shown(one.ask, "no bridge is there")).toMatchObject({
    nodes: expect.arrayContaining([
      expect.objectContaining({ id: "bridge", state: "down" }),
      expect.objectContaining({ id: "target:hub", state: "unknown", text: "nobody carries to it" }),
    ]),
    edges: expect.arrayContaining([
      expect.objectContaining({ from: "bridge", to: "target:hub", backlog: 3 }),
    ]),
  });

  startBridge(backbone, url, [hub]);
  const carried = await shown(one.ask, "has everything");
  expect(carried).toMatchObject({
    nodes: expect.arrayContaining([
      expect.objectContaining({ id: "bridge", state: "ok", text: "carries to 2 targets" }),
      expect.objectContaining({
        ...{ id: "target:hub", kind: "target", state: "ok" },
        facts: expect.arrayContaining([
          { name: "kind", value: "http" },
          { name: "behind", value: "0" },
          { name: "refused", value: "1" },
          { name: "carried by", value: "box" },
        ]),
      }),
      expect.objectContaining({ id: "target:spare", text: "nobody carries to it" }),
    ]),
    edges: expect.arrayContaining([
      expect.objectContaining({ from: `stream:${stream}`, to: "bridge" }),
      expect.objectContaining({ from: "bridge", to: "target:hub", backlog: 0 }),
    ]),
  });

  status = 503;
  await publishRecords(connection, "aaaaaaaa", 4, events(4, 5));
  const failing = await shown(one.ask, "takes nothing since");
  expect(failing).toMatchObject({
    nodes: expect.arrayContaining([
      expect.objectContaining({
        ...{ id: "target:hub", state: "down", text: expect.stringContaining("503") },
      }),
    ]),
  });
  await waitUntil(async () => {
    const { body } = await one.ask("/processors");
    const text = JSON.stringify(body);
    return text.includes('"role":"bridge"') && text.includes('"behind":5') && text.includes("503");
  }, "what is behind is listed among those who read");

  status = 204;
  const again = await shown(one.ask, "last failure, over now");
  expect(again).toMatchObject({
    nodes: expect.arrayContaining([expect.objectContaining({ id: "target:hub", name: "hub" })]),
  });
}, 120_000);

test("a target that only a bridge elsewhere names is shown, too", async () => {
  const server = await webhookServer();
  const { url, backbone, connection } = await setUpStreams();
  await publishRecords(connection, "aaaaaaaa", 1, events(1, 1));
  const one = await consoleRole(url);
  startBridge(backbone, url, [{ name: "far", kind: "http", url: server.url }]);
  const flow = await shown(one.ask, '"target:far"');
  expect(flow).toMatchObject({
    nodes: expect.arrayContaining([
      expect.objectContaining({
        id: "target:far",
        facts: expect.arrayContaining([{ name: "kind", value: "not known here" }]),
      }),
    ]),
  });
}, 60_000);
