import { createServer, type RequestListener, type Server } from "node:http";
import { createServer as createTcpServer, type Socket, type Server as TcpServer } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";
import type { Delivery } from "../../../src/notify/receiver.ts";
import { noticeOf } from "../../support/notices.ts";
import { transition } from "../../support/notifying.ts";
import { openTestReceiver } from "../../support/open-test-receiver.ts";
import { webhookServer } from "../../support/webhook-server.ts";

interface Trial {
  readonly late?: boolean;
  readonly timeout?: string;
  readonly signal?: AbortSignal;
}

async function deliverTo(url: string, trial: Trial = {}): Promise<Delivery> {
  const { late = false, signal = new AbortController().signal, timeout = "20s" } = trial;
  const receiver = await openTestReceiver({ kind: "webhook", url, timeout });
  const notice = noticeOf([transition("f1", 1, 1)], { attempt: 7, lateByReceiver: late });
  return receiver.deliver(notice, signal);
}

async function listen(server: Server | TcpServer): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return `127.0.0.1:${typeof address === "object" && address ? address.port : 0}`;
}

async function httpServer(answer: RequestListener): Promise<string> {
  const server = createServer(answer);
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://${await listen(server)}/`;
}

/** Writes to whoever connects, whatever comes. */
async function tcpServer(greet: (socket: Socket) => void): Promise<string> {
  const sockets = new Set<Socket>();
  const server = createTcpServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.once("data", () => greet(socket));
  });
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return listen(server);
}

describe("webhook receiver", () => {
  test.each([
    [200, "delivered"],
    [204, "delivered"],
    [302, "failed"],
    [400, "refused"],
    [401, "failed"],
    [404, "failed"],
    [408, "failed"],
    [422, "refused"],
    [429, "failed"],
    [500, "failed"],
    [503, "failed"],
  ])("takes the answer %i as %s", async (status, kind) => {
    const { url } = await webhookServer(() => status);
    expect((await deliverTo(url)).kind).toBe(kind);
  });

  test("says in the body when it was sent, how often it was tried, and what made it late", async () => {
    const { url, posts } = await webhookServer();
    await deliverTo(url, { late: true });
    expect(JSON.parse(posts[0]?.body ?? "")).toEqual({
      ...transition("f1", 1, 1),
      sent_at: "2026-11-21T14:02:10.000Z",
      attempt: 7,
      late_by_receiver: true,
    });
  });

  test("does not follow to another address", async () => {
    const other = await webhookServer();
    const { url } = await webhookServer(() => ({ status: 307, headers: { location: other.url } }));
    expect(await deliverTo(url)).toMatchObject({ kind: "failed", reason: "answered 307" });
    expect(other.posts).toEqual([]);
  });

  test("sends the user and password of an address as a header and never says them", async () => {
    const { url, posts } = await webhookServer();
    const withUser = url.replace("://", "://ops:p%40ss@");
    expect((await deliverTo(withUser)).kind).toBe("delivered");
    const encoded = Buffer.from("ops:p@ss").toString("base64");
    expect(posts[0]?.headers.authorization).toBe(`Basic ${encoded}`);
    expect(JSON.stringify(await deliverTo("http://ops:p%40ss@127.0.0.1:1/"))).not.toContain(
      "p%40ss",
    );
  });

  test("is content with the head of an answer that has no end", async () => {
    const url = await httpServer((_, response) => {
      response.writeHead(200);
      const write = (): void => {
        while (!response.destroyed && response.write(Buffer.alloc(65_536)));
      };
      response.on("drain", write);
      write();
    });
    const before = process.memoryUsage().rss;
    expect(await deliverTo(url)).toEqual({ kind: "delivered" });
    expect(process.memoryUsage().rss - before).toBeLessThan(64 * 1024 * 1024);
  });

  test("believes a head whose body is cut off", async () => {
    const address = await tcpServer((socket) =>
      socket.end("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf"),
    );
    expect(await deliverTo(`http://${address}/`)).toEqual({ kind: "delivered" });
  });

  test.each<[string, (socket: Socket) => void]>([
    ["never answers", () => {}],
    ["never ends its head", (socket) => socket.write("HTTP/1.1 200 OK\r\nx: ")],
    [
      "sends its head byte by byte",
      (socket) => {
        const timer = setInterval(() => socket.write("H"), 20);
        socket.once("close", () => clearInterval(timer));
      },
    ],
    ["answers no HTTP", (socket) => socket.end("220 mail.example ESMTP\r\n")],
    [
      "sends a head of a megabyte",
      (socket) => socket.end(`HTTP/1.1 200 OK\r\nx: ${"y".repeat(1e6)}`),
    ],
    ["closes", (socket) => socket.end()],
    ["resets", (socket) => socket.resetAndDestroy()],
  ])("fails where the other side %s", async (_, greet) => {
    const address = await tcpServer(greet);
    expect(await deliverTo(`http://${address}/`, { timeout: "300ms" })).toMatchObject({
      kind: "failed",
      reason: expect.stringMatching(/\S/),
    });
  });

  test("fails where the other side speaks no TLS, has no name, or does not listen", async () => {
    const plain = await tcpServer((socket) => socket.end("no TLS"));
    const addresses = [`https://${plain}/`, "http://no-such-host.invalid/", "http://127.0.0.1:1/"];
    for (const address of addresses)
      expect(await deliverTo(address, { timeout: "5s" })).toMatchObject({
        kind: "failed",
        reason: expect.stringMatching(/\S/),
      });
  });

  test("says what it waited for", async () => {
    const url = await httpServer(() => {});
    expect(await deliverTo(url, { timeout: "300ms" })).toEqual({
      kind: "failed",
      reason: "no answer in 300 ms",
    });
  });

  test("ends at once when it is cut off", async () => {
    const stop = new AbortController();
    const url = await httpServer(() => stop.abort());
    expect(await deliverTo(url, { timeout: "2m", signal: stop.signal })).toMatchObject({
      kind: "failed",
    });
  });

  test("posts several alerts as one notice that says why and what it has no room for", async () => {
    const { posts, url } = await webhookServer();
    const receiver = await openTestReceiver({ kind: "webhook", url });
    const alerts = [transition("f1", 1, 1), transition("f2", 1, 2)] as const;
    await receiver.deliver(noticeOf(alerts, { leftOut: 3 }), new AbortController().signal);
    expect(posts[0]?.headers["idempotency-key"]).toBe("a1b2c3d4e5f60718");
    expect(JSON.parse(posts[0]?.body ?? "")).toMatchObject({
      schema: "alert.notice/1",
      id: "a1b2c3d4e5f60718",
      cause: "change",
      group: { labels: { site: "plant-a" } },
      alerts: [{ id: "f1-1.1" }, { id: "f2-1.2" }],
      left_out: 3,
      attempt: 1,
    });
  });
});

test("a trace goes on in the header and in the body, and of several alerts that of the first with one", async () => {
  const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  const hook = await webhookServer();
  const { signal } = new AbortController();
  const traced = { ...transition("f2", 1, 1), traceparent, tracestate: "a=1" };
  const below = { traceparent: traceparent.replace("b7ad", "0000"), tracestate: "a=1" };
  for (const format of ["raw", "cloudevents"]) {
    const receiver = await openTestReceiver({ kind: "webhook", url: hook.url, format });
    const notice = noticeOf([transition("f1", 1, 1), traced], { trace: below });
    await receiver.deliver(notice, signal);
  }
  await (await openTestReceiver({ kind: "webhook", url: hook.url })).deliver(
    noticeOf([transition("f1", 1, 1)]),
    signal,
  );
  const [raw, cloud, none] = hook.posts;
  expect(raw?.headers).toMatchObject(below);
  expect(JSON.parse(raw?.body ?? "").alerts[1]).toMatchObject({ traceparent });
  expect(JSON.parse(cloud?.body ?? "")).toMatchObject({ traceparent, tracestate: "a=1" });
  expect(none?.headers).not.toHaveProperty("traceparent");
});
