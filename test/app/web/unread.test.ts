/** What comes and nobody reads, and how it is made known on the page. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { unreadRoutes } from "../../../src/api/routes/unread-routes.ts";
import type { Acceptance, DeviceRow, UnreadPage } from "../../../src/api/shapes/device.ts";
import { gatewayDevices } from "../../../src/app/web/devices/gateway-devices.ts";
import { unreadDesk } from "../../../src/app/web/devices/unread.ts";
import { gatewayHere } from "../../support/gateway-here.ts";
import { serveRoute } from "../../support/serve-route.ts";

async function withUnread() {
  const gateway = await gatewayHere();
  const { facts, folder, reload } = gateway;
  const configPath = join(folder, "sluicegate.yaml");
  const readAgain = async (): Promise<object> =>
    reload().then(
      () => ({ outcome: "reloaded" }),
      (thrown: unknown) => ({ outcome: "refused", faults: String(thrown) }),
    );
  const desk = unreadDesk({ facts, configPath, reload: readAgain, nowMs: Date.now });
  const rows = async (): Promise<DeviceRow[]> => {
    const { devices } = await gatewayDevices(facts).list({ limit: 100 });
    return devices;
  };
  return { ...gateway, configPath, rows, routes: unreadRoutes(desk) };
}

const topic = "plant/cold/p1/state";

test("a topic that nobody reads is shown with a draft, and read once it is accepted", async () => {
  const { configPath, folder, routes, rows, say } = await withUnread();
  await say(topic, '{"temperature":20.5,"humidity":40,"battery":90}');
  await say("acme/f1/state", '{"t":-18,"extra":{"rssi":-70}}');
  const page = (await serveRoute(routes, "get /unread")) as UnreadPage;
  expect(page).toMatchObject({
    topics: [{ topic, count: 1, sample: expect.stringContaining("20.5") }],
    paths: [{ profile: "acme/fz-200@1", path: "extra.rssi", sample: "-70", count: 1 }],
  });
  expect(page.topics[0]?.draft).toContain("temperature");

  const before = await readFile(configPath, "utf8");
  const dry = (await serveRoute(routes, "post /devices/accept", {
    body: { topic, dry: true },
  })) as Acceptance;
  expect(dry).toMatchObject({
    made: null,
    writes: [{ text: expect.stringContaining("humidity") }, {}],
  });
  expect(await readFile(configPath, "utf8")).toBe(before);

  const done = (await serveRoute(routes, "post /devices/accept", {
    body: { topic },
  })) as Acceptance;
  expect(done.writes[0]?.file).toContain(join(folder, "profiles"));
  await say(topic, '{"temperature":21.5,"humidity":41,"battery":90}');
  expect((await rows()).map(({ profile }) => profile)).toContain(`${done.profile}@1`);
  expect(await serveRoute(routes, "get /unread")).toMatchObject({ topics: [] });
  expect(await serveRoute(routes, "post /devices/accept", { body: { topic } })).toMatchObject({
    status: 404,
  });
});

test("a topic is read by a profile that is there, which the log tells", async () => {
  const { configPath, routes, say } = await withUnread();
  await say("elsewhere/one", '{"t":-18}');
  const body = { topic: "elsewhere/one", profile: "acme/fz-200" };
  const done = (await serveRoute(routes, "post /devices/accept", { body })) as Acceptance;
  expect(done.made?.event).toMatch(/^gw1\./);
  expect(await readFile(configPath, "utf8")).toContain("profile: acme/fz-200");
});

test("where the files have faults with it, all is as it was before", async () => {
  const { configPath, routes, say } = await withUnread();
  await say(topic, '{"temperature":20.5,"humidity":40,"battery":90}');
  const broken = `${await readFile(configPath, "utf8")}\nodd_section: 1\n`;
  await writeFile(configPath, broken);
  expect(await serveRoute(routes, "post /devices/accept", { body: { topic } })).toMatchObject({
    status: 409,
  });
  expect(await readFile(configPath, "utf8")).toBe(broken);
});

test("a profile whose name leads elsewhere is refused, and nothing is written", async () => {
  const { configPath, routes, say } = await withUnread();
  await say(topic, '{"temperature":20.5,"humidity":40,"battery":90}');
  const before = await readFile(configPath, "utf8");
  for (const profile of ["../../etc/cron.d/x", "/etc/passwd", "a/../../b", "A/B", "one"])
    expect(
      await serveRoute(routes, "post /devices/accept", { body: { topic, profile } }),
    ).toMatchObject({ status: 409 });
  expect(await readFile(configPath, "utf8")).toBe(before);
});
