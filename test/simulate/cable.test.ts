import { connect, createServer, type Socket } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";
import { type Cable, openCable } from "../../src/simulate/cable.ts";
import { waitUntil } from "./mosquitto.ts";

interface Site {
  readonly cable: Cable;
  /** What the server heard, all connections together. */
  heard(): string;
  readonly server: readonly Socket[];
}

async function site(): Promise<Site> {
  let heard = "";
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on("error", () => {});
    socket.on("data", (chunk) => {
      heard += chunk;
      socket.write(`got ${chunk}`);
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  const cable = await openCable({ host: "127.0.0.1", port: address.port });
  onTestFinished(async () => {
    await cable.close();
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return { cable, heard: () => heard, server: sockets };
}

function client(cable: Cable) {
  const socket = connect(cable.port, "127.0.0.1");
  const state = { socket, answers: "", ended: false };
  socket.on("data", (chunk) => {
    state.answers += chunk;
  });
  socket.on("error", () => {});
  socket.on("close", () => {
    state.ended = true;
  });
  onTestFinished(() => void socket.destroy());
  return state;
}

describe("openCable", () => {
  test("carries bytes both ways", async () => {
    const { cable } = await site();
    const one = client(cable);
    one.socket.write("a");
    await waitUntil(() => one.answers === "got a");
  });

  test("breaks connections on both sides when unplugged, resets new ones, and works again when plugged", async () => {
    const { cable, heard, server } = await site();
    const one = client(cable);
    one.socket.write("a");
    await waitUntil(() => one.answers !== "");
    cable.unplug();
    await waitUntil(() => one.ended && server[0]?.destroyed === true);
    const two = client(cable);
    two.socket.write("b");
    await waitUntil(() => two.ended);
    expect(heard()).toBe("a");
    cable.plug();
    const three = client(cable);
    three.socket.write("c");
    await waitUntil(() => three.answers === "got c");
    expect(heard()).toBe("ac");
  });

  test("holds bytes while stalled and hands them on in order afterwards", async () => {
    const { cable, heard } = await site();
    const one = client(cable);
    one.socket.write("a");
    await waitUntil(() => one.answers !== "");
    cable.stall();
    one.socket.write("b");
    const two = client(cable);
    await new Promise((resolve) => two.socket.write("c", resolve));
    await new Promise((resolve) => one.socket.write("d", resolve));
    expect(heard()).toBe("a");
    expect(one.ended || two.ended).toBe(false);
    cable.resume();
    await waitUntil(() => two.answers === "got c" && heard().length === 4);
    expect(heard().replace("c", "")).toBe("abd");
  });

  test("delivers what a client sent before it died, once the stall is over", async () => {
    const { cable, heard, server } = await site();
    const one = client(cable);
    one.socket.write("a");
    await waitUntil(() => one.answers !== "");
    cable.stall();
    await new Promise((resolve) => one.socket.write("late", resolve));
    one.socket.destroy();
    await waitUntil(() => one.ended);
    const two = client(cable);
    await waitUntil(() => server.length === 2);
    expect(heard()).toBe("a");
    cable.resume();
    await waitUntil(() => heard() === "alate");
    expect(two.ended).toBe(false);
  });

  test("holds only the answers when told so", async () => {
    const { cable, heard } = await site();
    const one = client(cable);
    cable.stall("answers");
    one.socket.write("a");
    await waitUntil(() => heard() === "a");
    expect(one.answers).toBe("");
    cable.resume();
    await waitUntil(() => one.answers === "got a");
  });
});
