import { createServer, type Socket } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";
import { systemClock } from "../../src/app/system-clock.ts";
import { createPoster } from "../../src/notify/http-post.ts";

/** A server that says this to whoever asks, then `more` every 20 ms, and never ends. */
async function drippingServer(said: string, more: string): Promise<string> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.once("data", () => {
      socket.write(said);
      const timer = setInterval(() => socket.write(more), 20);
      socket.on("close", () => clearInterval(timer));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const address = server.address();
  return `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}/`;
}

const head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
const never = new AbortController().signal;
const postTo = (url: string) =>
  createPoster({ clock: systemClock, timeoutMs: 300, readsBody: true })(
    { url, body: "{}", headers: {} },
    never,
  );

describe("a post to a server without end", () => {
  test("counts by the head that came, and is not sent again for a body that drips", async () => {
    const url = await drippingServer(`${head}2\r\nok\r\n`, "1\r\n.\r\n");
    expect(await postTo(url)).toMatchObject({ status: 200, body: expect.stringMatching(/^ok/) });
  });

  test.each([
    ["a head that never ends", "HTTP/1.1 200 OK\r\n", "X-A: b\r\n"],
    ["words before an answer", "", "HTTP/1.1 102 Processing\r\n\r\n"],
    ["what is no HTTP", "SSH-2.0-x\r\n", "x"],
    ["silence", "", ""],
  ])("fails in words with %s", async (_, said, more) => {
    const url = await drippingServer(said, more);
    expect(await postTo(url)).toMatchObject({
      kind: "failed",
      reason: expect.stringMatching(/\S/),
    });
  });

  test("reads no more of a body than is bounded", async () => {
    const chunk = "x".repeat(60_000);
    const more = `${chunk.length.toString(16)}\r\n${chunk}\r\n`;
    const answered = await postTo(await drippingServer(head + more, more));
    expect(answered.kind === "answered" && answered.body.length).toBe(16_384);
  });
});
