import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { expect, it, onTestFinished } from "vitest";
import { systemClock } from "../../src/app/system-clock.ts";
import { createKeptPost } from "../../src/http-client/kept-post.ts";

async function targetThat(answers: (socket: Socket) => void) {
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.on("error", () => {});
    socket.once("data", () => answers(socket));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" ? address?.port : 0;
  const target = { url: `http://127.0.0.1:${port}/`, authorization: undefined, ca: undefined };
  const post = createKeptPost({ ...target, timeoutMs: 300 }, systemClock);
  onTestFinished(() => {
    post.close();
    for (const socket of open) socket.destroy();
    server.close();
  });
  return () => post.post("", "{}", new AbortController().signal);
}

it.each([
  [
    "changes to another protocol",
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n",
  ],
  ["says to go on, and nothing more", "HTTP/1.1 100 Continue\r\n\r\n".repeat(50)],
  ["begins an answer without an end", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc"],
  ["speaks another language", "\0\x01 hello\r\n\r\n"],
])("a server that %s is no answer, and keeps nobody", async (_, said) => {
  const post = await targetThat((socket) => socket.write(said));
  await expect(post()).rejects.toThrow(Error);
});

it("a server that closes in the middle of an answer gave none, and one at its end gave all of it", async () => {
  const head = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n";
  const cut = await targetThat((socket) => socket.end(`${head}abc`));
  await expect(cut()).rejects.toThrow(Error);
  const whole = await targetThat((socket) => socket.end("HTTP/1.1 200 OK\r\n\r\nto the end"));
  expect(await whole()).toMatchObject({ status: 200, body: "to the end" });
});
