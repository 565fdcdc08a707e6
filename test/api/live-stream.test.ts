import { IncomingMessage, ServerResponse } from "node:http";
import { Socket } from "node:net";
import { describe, expect, it } from "vitest";
import { FrameRing } from "../../src/api/live/frame-ring.ts";
import { LiveHub } from "../../src/api/live/live-hub.ts";
import { StreamDesk } from "../../src/api/live/stream-desk.ts";
import { Topic } from "../../src/api/live/topic.ts";
import { TopicShelf } from "../../src/api/live/topic-shelf.ts";
import { ManualClock } from "../support/manual-clock.ts";
import { waitUntil } from "../support/wait-until.ts";
import { hourMs, webHere } from "./web-here.ts";

interface Frame {
  readonly id: string | undefined;
  readonly kind: string;
  readonly topic: string;
  readonly data: unknown;
}

/** What came over a stream so far. */
function listen(response: IncomingMessage) {
  let text = "";
  let isOver = false;
  response.setEncoding("utf8");
  response.on("data", (part) => {
    text += part;
  });
  response.on("close", () => {
    isOver = true;
  });
  const frames = (): Frame[] =>
    // What comes behind the last empty line is not whole yet.
    text
      .split("\n\n")
      .slice(0, -1)
      .flatMap((block) => {
        const field = (name: string) => new RegExp(`^${name}: (.*)$`, "m").exec(block)?.[1];
        const data = field("data");
        return data === undefined
          ? []
          : [{ id: field("id"), kind: field("event") ?? "", ...JSON.parse(data) }];
      });
  return { frames, text: () => text, isOver: () => isOver };
}

async function opened(web: Awaited<ReturnType<typeof webHere>>, query: string, headers = {}) {
  const proof = { ...web.token("viewer"), ...headers };
  const response = await web.open(`/api/v1/stream?${query}`, { headers: proof });
  return { response, ...listen(response) };
}

describe("The live stream", () => {
  it("begins with all there is, then tells what changed, four times a second at most", async () => {
    const web = await webHere();
    const { frames, response } = await opened(web, "topics=status");
    expect(response.headers["content-type"]).toContain("text/event-stream");
    expect(response.headers["x-accel-buffering"]).toBe("no");
    await waitUntil(() => frames().length === 1, "the snapshot");
    for (let n = 1; n <= 100; n += 1) {
      web.rows.set("here", { n });
      web.topic.touch("here");
    }
    await web.clock.advance(250);
    await waitUntil(() => frames().length === 2, "the change");
    web.rows.delete("here");
    web.topic.touch("here");
    await web.clock.advance(250);
    await waitUntil(() => frames().length === 3, "the end of the row");
    expect(frames()).toEqual([
      { id: "boot-0", kind: "snapshot", topic: "status", data: { here: { n: 0 } } },
      { id: "boot-1", kind: "delta", topic: "status", data: { here: { n: 100 } } },
      { id: "boot-2", kind: "delta", topic: "status", data: { here: null } },
    ]);
  });

  it("goes on where a line broke, and begins anew where what was between is not known", async () => {
    const web = await webHere();
    const first = await opened(web, "topics=status");
    await waitUntil(() => first.frames().length === 1, "the snapshot");
    first.response.destroy();
    web.rows.set("here", { n: 7 });
    web.topic.touch("here");
    for (const headers of [{ "last-event-id": "boot-0" }, {}]) {
      const again = await opened(web, "topics=status&after=boot-0", headers);
      await waitUntil(() => again.frames().length === 1, "what came meanwhile");
      expect(again.frames()[0]).toMatchObject({ kind: "delta", data: { here: { n: 7 } } });
    }
    for (const id of ["boot-99", "other-1", "boot-x", "boot--1", "-", ""]) {
      const anew = await opened(web, `topics=status&after=${id}`);
      await waitUntil(() => anew.frames().length === 1, `a beginning behind "${id}"`);
      expect(anew.frames()[0]?.kind).toBe("snapshot");
    }
  });

  it("makes a topic for who asks for its name, for all of them one, and keeps it as long", async () => {
    const web = await webHere();
    const name = "live:normalized?per_s=20";
    const query = `topics=${encodeURIComponent(`${name},nobody-knows`)}`;
    const one = await opened(web, query);
    const two = await opened(web, query);
    await waitUntil(() => one.frames().length + two.frames().length === 2, "both snapshots");
    expect(web.asked).toEqual([name]);
    one.response.destroy();
    two.response.destroy();
    await waitUntil(async () => {
      await web.clock.advance(5_000);
      return web.asked.length === 0;
    }, "the end of the topic");
  });

  it("has a pulse while nothing changes", async () => {
    const web = await webHere();
    const { text } = await opened(web, "topics=status");
    await web.clock.advance(16_000);
    await waitUntil(() => text().includes("\n: \n\n"), "a pulse");
  });

  it("ends when its session is over, and when its reader signs out elsewhere", async () => {
    const web = await webHere();
    const idle = await web.signIn("vera");
    const gone = await web.signIn("vera");
    const open = async (cookie: string) =>
      listen(await web.open("/api/v1/stream?topics=status", { headers: { cookie } }));
    const [idleLine, goneLine] = [await open(idle), await open(gone)];
    await web.ask("/api/v1/sign-out", { method: "POST", headers: { ...web.own, cookie: gone } });
    await waitUntil(goneLine.isOver, "the end of who signed out");
    expect(goneLine.frames().at(-1)).toMatchObject({ kind: "bye", data: { reason: "signed-out" } });
    expect(idleLine.isOver()).toBe(false);
    web.clock.stall(8 * hourMs);
    await web.clock.advance(5_000);
    await waitUntil(idleLine.isOver, "the end of the session");
  });

  it("says that it stops before its line ends, and the topic that was made for it is over", async () => {
    const web = await webHere();
    const line = await opened(web, "topics=live:sent");
    await waitUntil(() => line.frames().length === 1, "the snapshot");
    web.streams.stop();
    await waitUntil(line.isOver, "the end");
    expect(line.frames().at(-1)).toMatchObject({ kind: "bye", data: { reason: "stopping" } });
    expect(web.asked).toEqual([]);
  });

  it("is refused beyond eight of one reader, and is free again when one ends", async () => {
    const web = await webHere();
    const ask = () => opened(web, "topics=status");
    const lines = [];
    for (let n = 0; n < 8; n += 1) lines.push(await ask());
    expect((await ask()).response.statusCode).toBe(429);
    lines[0]?.response.destroy();
    const status = async () => (await ask()).response.statusCode;
    await waitUntil(async () => (await status()) === 200, "a place");
  });

  it("leaves out what a reader does not take, says so, and shows all anew", async () => {
    const web = await webHere();
    const { frames, response } = await opened(web, "topics=status");
    await waitUntil(() => frames().length === 1, "the snapshot");
    response.pause();
    for (let n = 0; n < 40; n += 1) {
      web.rows.set("here", { n, filler: "x".repeat(512 * 1024) });
      web.topic.touch("here");
      await web.clock.advance(250);
    }
    web.rows.set("here", { n: "last" });
    web.topic.touch("here");
    await web.clock.advance(250);
    response.resume();
    await waitUntil(() => frames().some(({ kind }) => kind === "gap"), "the gap");
    await waitUntil(async () => {
      await web.clock.advance(250);
      return JSON.stringify(frames().at(-1)?.data).includes('"last"');
    }, "the newest");
    expect(frames().length).toBeLessThan(40);
  });

  it("has its place for what everybody looks at, however many filters are looked through", async () => {
    const clock = new ManualClock();
    const shelf = new TopicShelf(clock, [], (name) => new Topic(name, () => new Map()));
    const names = Array.from({ length: 100 }, (_, n) => `live:received?filter=${n}`);
    expect(shelf.take(names)).toHaveLength(64);
    expect(shelf.take(["devices", "alerts", "live:late"]).map(({ name }) => name)).toEqual([
      "devices",
      "alerts",
    ]);
    shelf.stop();
  });

  it("makes a large snapshot once for all who come soon, each with what changed since", async () => {
    const clock = new ManualClock();
    const rows = new Map<string, object>([["big", { filler: "x".repeat(100_000) }]]);
    let made = 0;
    const topic = new Topic("devices", () => ({
      get: (key) => rows.get(key),
      *[Symbol.iterator]() {
        made += 1;
        yield* rows;
      },
    }));
    const hub = new LiveHub(
      clock,
      new TopicShelf(clock, [topic], () => undefined),
      new FrameRing("boot"),
    );
    const open = (lastId?: string) => {
      let text = "";
      const write = (part: string | Buffer): boolean => {
        text += part;
        return true;
      };
      hub.open(["devices"], lastId, { write, end: () => {} });
      return text;
    };
    const first = open();
    rows.set("one", { n: 1 });
    topic.touch("one");
    const second = open();
    expect(made).toBe(1);
    expect(second.startsWith(first.replace(/id: .*\n/, ""))).toBe(true);
    expect(second.slice(-100)).toContain(
      'id: boot-1\nevent: delta\ndata: {"topic":"devices","data":{"one":{"n":1}}}',
    );
    await clock.advance(2_000);
    expect(open()).toContain('"one"');
    expect(made).toBe(2);
    hub.stop();
  });

  it("ends those that are far behind where all together take too much, the oldest first", () => {
    const clock = new ManualClock();
    const filler = "x".repeat(30 * 1024 * 1024);
    const topic = new Topic("devices", () => new Map([["here", { filler }]]));
    const shelf = new TopicShelf(clock, [topic], () => undefined);
    const desk = new StreamDesk(clock, new LiveHub(clock, shelf, new FrameRing("boot")));
    const lines = Array.from({ length: 4 }, () => {
      const line = new ServerResponse(new IncomingMessage(new Socket()));
      const request = { topics: ["devices"], lastId: undefined, who: "vera", headers: {} };
      desk.open({ ...request, stillMay: () => true }, line);
      return line;
    });
    expect(lines.map(({ destroyed }) => destroyed)).toEqual([true, true, false, false]);
    desk.stop();
  });

  it("is not answered to HEAD, and not to too many topics", async () => {
    const web = await webHere();
    const headers = web.token("viewer");
    expect((await web.ask("/api/v1/stream", { method: "HEAD", headers })).status).toBe(405);
    const many = Array.from({ length: 33 }, (_, n) => `live:${n}`).join(",");
    const refused = await web.ask(`/api/v1/stream?topics=${many}`, { headers });
    expect(refused.status).toBe(400);
  });
});
