/** What each member may do and may not, tried on real servers: every role by every class of action. */
import type { NatsConnection } from "@nats-io/transport-node";
import { describe, expect, test } from "vitest";
import { toGatewayId, toSiteId } from "../../src/core/ids.ts";
import { permittedBackbone, servers } from "../support/permitted-backbone.ts";

const site = toSiteId("plant-a");
const origins = ["gw1", "gw2"].map((gateway) => ({ site, gateway: toGatewayId(gateway) }));

/** Actions, each with who may do it; everybody else may not. */
const actions: readonly {
  readonly name: string;
  readonly subject: string;
  readonly body?: object;
  readonly may: readonly string[];
}[] = [
  // Writing.
  { name: "write events of gw1", subject: "ev.plant-a.gw1.d1.measurement", may: ["gateway-gw1"] },
  { name: "write events of gw2", subject: "ev.plant-a.gw2.d1.measurement", may: ["gateway-gw2"] },
  { name: "write under another site", subject: "ev.plant-b.gw1.d1.measurement", may: [] },
  { name: "change an alert", subject: "alert.c.1.plant-a.x", may: ["processor"] },
  { name: "acknowledge an alert", subject: "alert.o.1.plant-a.x", may: ["console"] },
  {
    name: "send a command",
    subject: "cmd.plant-a.gw1.d1.reboot",
    may: ["processor", "console"],
  },
  { name: "write a derived value", subject: "derived.1.plant-a.gw1.d1.s", may: ["processor"] },
  { name: "change a plan", subject: "plan.plant-a.run", may: ["processor", "console"] },
  { name: "note a notice", subject: "notify.log", may: ["notifier", "console"] },
  { name: "note a refused point", subject: "history.rejected.x", may: ["historian"] },
  { name: "move the historian", subject: "$KV.positions.historian.x", may: ["historian"] },
  { name: "move the notifier", subject: "$KV.positions.notify.x", may: ["notifier"] },
  { name: "move the bridge", subject: "$KV.positions.bridge.x", may: ["bridge"] },
  { name: "note what a target did not get", subject: "bridge.aside.x.y", may: ["bridge"] },
  { name: "let an event go", subject: "$KV.positions.bridge-skip.x", may: ["console"] },
  { name: "write a checkpoint", subject: "$KV.checkpoints.rules.1", may: ["processor"] },
  { name: "take a site", subject: "$KV.leases.processor.x", may: ["processor"] },
  // Asking and reading.
  ...["GW_gw1", "GW_gw2"].flatMap((stream) => {
    const may = ["processor", "historian", "bridge", "console", "administrator"];
    const own = `gateway-${stream.slice(3)}`;
    return [
      { name: `ask about ${stream}`, subject: `$JS.API.STREAM.INFO.${stream}`, may: [own, ...may] },
      {
        name: `read a message of ${stream}`,
        subject: `$JS.API.STREAM.MSG.GET.${stream}`,
        body: { last_by_subj: ">" },
        may: [own, ...may],
      },
      {
        name: `make a consumer on ${stream}`,
        subject: `$JS.API.CONSUMER.CREATE.${stream}.c1`,
        body: {
          stream_name: stream,
          config: { name: "c1", ack_policy: "none", inactive_threshold: 1_000_000_000 },
        },
        may,
      },
      {
        name: `get directly from ${stream}`,
        subject: `$JS.API.DIRECT.GET.${stream}`,
        body: { seq: 1 },
        may: ["administrator"],
      },
    ];
  }),
  ...["gw1", "gw2"].map((gateway) => ({
    name: `ask about the commands for ${gateway}`,
    subject: `$JS.API.STREAM.INFO.CMD_${gateway}`,
    may: [`gateway-${gateway}`, "administrator"],
  })),
  {
    name: "ask about all commands",
    subject: "$JS.API.STREAM.INFO.COMMANDS",
    may: ["processor", "console", "administrator"],
  },
  {
    name: "read any command",
    subject: "$JS.API.STREAM.MSG.GET.COMMANDS",
    body: { last_by_subj: ">" },
    may: ["processor", "console", "administrator"],
  },
  {
    name: "list the streams",
    subject: "$JS.API.STREAM.LIST",
    body: { offset: 0 },
    may: ["processor", "notifier", "historian", "bridge", "console", "administrator"],
  },
  { name: "name the streams", subject: "$JS.API.STREAM.NAMES", body: {}, may: ["administrator"] },
  // Making, changing, removing.
  {
    name: "make a stream",
    subject: "$JS.API.STREAM.CREATE.OTHER",
    body: { name: "OTHER", subjects: ["other"], storage: "file" },
    may: ["administrator"],
  },
  {
    name: "make a stream that is fed by another",
    subject: "$JS.API.STREAM.CREATE.STOLEN",
    body: { name: "STOLEN", storage: "file", sources: [{ name: "GW_gw2" }] },
    may: ["administrator"],
  },
  {
    name: "change a stream",
    subject: "$JS.API.STREAM.UPDATE.GW_gw1",
    body: { name: "GW_gw1", subjects: ["ev.>"] },
    may: ["administrator"],
  },
  { name: "purge a stream", subject: "$JS.API.STREAM.PURGE.GW_gw1", may: ["administrator"] },
  {
    name: "delete a message",
    subject: "$JS.API.STREAM.MSG.DELETE.GW_gw1",
    body: { seq: 1 },
    may: ["administrator"],
  },
  { name: "delete no stream", subject: "$JS.API.STREAM.DELETE.NONE", may: ["administrator"] },
  {
    name: "make no stream's leader step down",
    subject: "$JS.API.STREAM.LEADER.STEPDOWN.NONE",
    may: ["administrator"],
  },
  {
    name: "save a stream that is not there",
    subject: "$JS.API.STREAM.SNAPSHOT.NONE",
    body: { deliver_subject: "x" },
    may: ["administrator"],
  },
  { name: "clear positions", subject: "$JS.API.STREAM.PURGE.KV_positions", may: ["administrator"] },
];

const members = {
  "gateway-gw1": "sluicegate-gw1",
  "gateway-gw2": "sluicegate-gw2",
  processor: "sluicegate-processor",
  notifier: "sluicegate-notifier",
  historian: "sluicegate-historian",
  bridge: "sluicegate-bridge",
  console: "sluicegate-console",
  administrator: "sluicegate-backbone",
};

describe.each(servers)("On %s", (_, program) => {
  test("every member may do what its role does, and nothing else", async () => {
    const backbone = await permittedBackbone(origins, program);
    const found: Record<string, readonly string[]> = {};
    const wanted: Record<string, readonly string[]> = {};
    for (const [member, client] of Object.entries(members)) {
      const connection = await backbone.connectAs(member, client);
      const refused = await refusalsOf(connection, () => {
        for (const { body, subject } of actions)
          connection.publish(subject, body === undefined ? "" : JSON.stringify(body));
      });
      found[member] = actions
        .filter(({ subject }) => !refused.some((said) => said.includes(`"${subject}"`)))
        .map(({ name }) => name);
      wanted[member] = actions.filter(({ may }) => may.includes(member)).map(({ name }) => name);
    }
    expect(found).toEqual(wanted);
  });

  test("nobody hears what is not said to it", async () => {
    const backbone = await permittedBackbone(origins, program);
    const heard = [
      ...["_INBOX.>", ">", "ev.>", "alert.>", "$JS.>", "$SYS.>", "$KV.>", "notify.>", "cmd.>"],
      ...["_INBOX.sluicegate-gw2.>", "cmd.plant-a.gw2.>", "_R_.>", "$JS.EVENT.ADVISORY.>"],
    ];
    for (const [member, client] of Object.entries(members)) {
      if (member === "administrator" || member === "gateway-gw2") continue;
      const connection = await backbone.connectAs(member, client);
      const refused = await refusalsOf(connection, () => {
        for (const subject of heard) connection.subscribe(subject, { callback: () => {} });
      });
      expect([member, refused.length]).toEqual([member, heard.length]);
    }
  });
});

/** What the server refuses of what is done. Whether there is anybody who answers does not matter. */
async function refusalsOf(connection: NatsConnection, act: () => void): Promise<readonly string[]> {
  const said: string[] = [];
  const statuses = connection.status();
  void (async () => {
    for await (const status of statuses)
      if (status.type === "error") said.push(status.error.message);
  })();
  act();
  for (const _ of [1, 2]) await connection.flush();
  await new Promise((resolve) => setImmediate(resolve));
  return said;
}
