import { createServer, type Socket } from "node:net";
import { expect, it, onTestFinished } from "vitest";
import { findBroker } from "../../../src/app/init/find-broker.ts";
import { firstConfig } from "../../../src/app/init/first-config.ts";
import { systemClock } from "../../../src/app/system-clock.ts";
import { freePort } from "../../../src/demo/free-port.ts";
import { mosquittoProcess } from "../../support/mosquitto-process.ts";

const waiting = { clock: systemClock, patienceMs: 5_000 };
const host = "127.0.0.1";

async function listening(answer: (socket: Socket) => void): Promise<number> {
  const server = createServer((socket) => {
    socket.on("error", () => {});
    answer(socket);
  });
  onTestFinished(() => void server.close());
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}

it("a broker is one that answers a CONNECT", async () => {
  const { port } = await mosquittoProcess();
  expect(await findBroker({ host, port }, waiting)).toMatchObject({ isBroker: true });
});

it("a broker is one also where it refuses who has no password", async () => {
  const port = await listening((socket) =>
    socket.once("data", () => socket.end(Buffer.from([0x20, 2, 0, 5]))),
  );
  expect(await findBroker({ host, port }, waiting)).toMatchObject({ isBroker: true });
});

it("who says something else, nothing at all, or hangs up is none, and it is said what it does", async () => {
  const ports = await Promise.all([
    listening((socket) => socket.write("SSH-2.0-OpenSSH_9.2\r\n")),
    listening(() => {}),
    listening((socket) => socket.destroy()),
  ]);
  const short = { ...waiting, patienceMs: 1_000 };
  const owners = await Promise.all(ports.map((port) => findBroker({ host, port }, short)));
  expect(owners).toEqual([
    { isBroker: false, said: 'it says "SSH-2.0-OpenSSH_9.2"' },
    { isBroker: false, said: "it says nothing" },
    { isBroker: false, said: "it hangs up" },
  ]);
});

it("nobody is found where nobody listens", async () => {
  expect(await findBroker({ host, port: await freePort() }, waiting)).toBeUndefined();
});

it("a broker of our own goes where the usual port is taken beside it", () => {
  const none = { mqtt: undefined, nats: undefined, serial: [], otherPorts: [] };
  const text = firstConfig({ site: "s", id: "g", schema: "s.json", ...none, brokerPort: 1_884 });
  expect(text).toContain("listen: 127.0.0.1:1884");
});
