import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { askApi } from "../../src/cli/remote.ts";
import { runCommand } from "../support/command-line.ts";
import { tempFolder } from "../support/temp-folder.ts";

async function serverThat(answers: RequestListener): Promise<string> {
  const server = createServer(answers).listen(0, "127.0.0.1");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  await once(server, "listening");
  const address = server.address();
  return `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
}

test("a server that sends a byte now and then keeps nobody for ever", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  onTestFinished(() => void vi.useRealTimers());
  let begun = (): void => {};
  const hasBegun = new Promise<void>((resolve) => {
    begun = resolve;
  });
  const url = await serverThat((_, response) => {
    response.write(" ");
    begun();
  });
  const asked = askApi({ url, token: "t" }, "/status").catch((thrown: unknown) => String(thrown));
  await hasBegun;
  vi.advanceTimersByTime(60_000);
  expect(await asked).toContain("its answer does not end");
});

test("what a server says instead of an answer is short, and no redirect takes the token elsewhere", async () => {
  let followed = 0;
  const url = await serverThat((request, response) => {
    if (request.url === "/elsewhere") followed += 1;
    response.writeHead(302, { location: "/elsewhere" });
    response.end("x".repeat(1_000_000));
  });
  const said = await askApi({ url, token: "t" }, "/me").catch((thrown: unknown) => String(thrown));
  expect([String(said).length < 400, followed]).toEqual([true, 0]);
});

test("no terminal obeys a server that says who asks it", async () => {
  const url = await serverThat((_, response) => {
    response.end(JSON.stringify({ role: "\u001b]0;owned\u0007\nadmin" }));
  });
  const cwd = await tempFolder();
  const env = { XDG_CONFIG_HOME: join(cwd, "home") };
  const added = await runCommand(["context", "add", "x", url], { cwd, env, input: "token-1234" });
  expect(added).toMatchObject({ status: 0, stdout: expect.stringContaining("\\u001b]0;owned") });
  expect(added.stdout).not.toContain("\u001b");
});

test("a server that changes to another protocol gave no answer", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  onTestFinished(() => void server.close());
  await once(server, "listening");
  server.on("connection", (socket) => {
    socket.write("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n");
  });
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
  await expect(askApi({ url, token: "t" }, "/me")).rejects.toThrow("it gave no answer");
});
