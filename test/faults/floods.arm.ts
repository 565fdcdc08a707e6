/**
 * R35: strangers in numbers. Connections that begin a CONNECT and never end it, that come and go as fast as
 * they can, that guess passwords, and the same at the port of the console, while devices go on. All of
 * them are acknowledged, each in time, and memory stays within what the limits say.
 */
import { createConnection, type Socket } from "node:net";
import { systemClock } from "../../src/app/system-clock.ts";
import { sleep } from "../../src/core/clock.ts";
import { freePort } from "../../src/demo/free-port.ts";
import { readProcess } from "../bench/process-facts.ts";
import { gatewayProgram } from "../support/gateway-program.ts";
import { waitUntil } from "../support/wait-until.ts";
import type { Arm } from "./arm.ts";
import { type GoodDevices, openGoodDevices } from "./good-devices.ts";
import { inWorkFolder } from "./uml/work-folder.ts";

const mebibyte = 2 ** 20;
/** What a connection that was let in by nobody may cost, all told. */
const mostBytesEach = 64 * 1024;
/** The slowest hundredth may take so much longer than in peace, beside what a busy machine adds. */
const mostTimes = 2;
const graceMs = 150;
const settleMs = 3_000;
const floodMs = 6_000;
/** A machine that others use as well may be slow by itself: too slow is what is so each time. */
const mostTries = 4;

interface Flood {
  readonly name: string;
  /** Begins it; gives what ends it. */
  start(ports: { readonly mqtt: number; readonly web: number }, count: number): () => void;
}

/** The first byte of a CONNECT and one of its length, then a byte a second. */
const halfConnects: Flood = {
  name: "half a CONNECT each",
  start: ({ mqtt }, count) => keep(count, mqtt, Buffer.from([0x10, 0x80]), Buffer.from([0x80])),
};
const slowHeads: Flood = {
  name: "half a request each",
  start: ({ web }, count) =>
    keep(
      count,
      web,
      Buffer.from("GET /api/v1/status HTTP/1.1\r\nhost: 127.0.0.1\r\n"),
      Buffer.from("x: y\r\n"),
    ),
};
const slowBodies: Flood = {
  name: "half a body each",
  start: ({ web }, count) => {
    const head =
      "POST /api/v1/sign-in HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: 100000\r\n\r\n{";
    return keep(count, web, Buffer.from(head), Buffer.from(" "));
  },
};
/** A thousand a second, from one address. */
const reconnects: Flood = {
  name: "connections that come and go",
  start({ mqtt }, count) {
    const perTick = Math.max(1, Math.round(count / 100));
    const timer = setInterval(() => {
      for (let n = 0; n < perTick; n += 1) open(mqtt).once("connect", endIt);
    }, 10);
    return () => clearInterval(timer);
  },
};

const floods: readonly Flood[] = [halfConnects, slowHeads, slowBodies, reconnects];

export const strangersInNumbers: Arm = {
  goal: "R35",
  title: "strangers in numbers",
  figures: { small: 0, ci: 1_000, nightly: 2_000 },
  missing: async () => undefined,
  run: (figure, note) =>
    inWorkFolder(async (folder) => {
      const web = await freePort();
      const gateway = await gatewayProgram({
        ...{ folder, natsUrl: "nats://127.0.0.1:1" },
        configuration: `console: { listen: "127.0.0.1:${web}" }\n`,
      });
      await gateway.start();
      const failures: string[] = [];
      const notes: string[] = [];
      const devices = await openGoodDevices(gateway.mqttPort, 200);
      try {
        await waitUntil(async () => devices.acked > 0, "a first acknowledgment");
        await sleep(systemClock, settleMs);
        let peaceMs = (await watch(devices, floodMs)).p99Ms;
        for (const flood of floods) {
          let isSlow = true;
          for (let at = 0; at < mostTries && isSlow; at += 1) {
            const before = readProcess(gateway.pid).rssBytes;
            const stop = flood.start({ mqtt: gateway.mqttPort, web }, figure);
            const seen = await watch(devices, floodMs);
            const grownBytes = readProcess(gateway.pid).rssBytes - before;
            stop();
            await sleep(systemClock, 1_000);
            const beforeMs = peaceMs;
            peaceMs = (await watch(devices, floodMs)).p99Ms;
            isSlow = seen.p99Ms > mostTimes * Math.max(beforeMs, peaceMs) + graceMs;
            const said = `${flood.name}: p99 ${seen.p99Ms.toFixed(0)} ms (${beforeMs.toFixed(0)} and ${peaceMs.toFixed(0)} in peace before and after), ${seen.acked} acknowledged, ${(grownBytes / mebibyte).toFixed(0)} MiB more`;
            notes.push(said);
            note(said);
            if (seen.lost > 0) failures.push(`${flood.name}: ${seen.lost} devices were dropped`);
            if (seen.acked === 0) failures.push(`${flood.name}: nothing was acknowledged`);
            if (grownBytes > figure * mostBytesEach + 64 * mebibyte)
              failures.push(`${flood.name}: memory grew too much`);
          }
          if (isSlow) failures.push(`${flood.name}: too slow, ${mostTries} times`);
        }
      } finally {
        devices.close();
        await gateway.stop();
      }
      return {
        ...{
          runs: floods.length * figure,
          acked: devices.acked,
          lost: 0,
          duplicated: 0,
          reordered: 0,
        },
        ...{ declaredLost: 0, control: "none needed", ok: failures.length === 0 },
        notes: [...notes, ...failures],
      };
    }),
};

async function watch(devices: GoodDevices, forMs: number) {
  devices.begin();
  await sleep(systemClock, forMs);
  return devices.figures();
}

/** So many connections that begin something, and go on with it so slowly that it never ends. */
function keep(count: number, port: number, first: Buffer, next: Buffer): () => void {
  const sockets = new Set<Socket>();
  const one = (): void => {
    const socket = open(port);
    sockets.add(socket);
    socket.once("connect", () => socket.write(first));
    socket.once("close", () => sockets.delete(socket));
  };
  const timer = setInterval(() => {
    for (let n = 0; n < 100 && sockets.size < count; n += 1) one();
    for (const socket of sockets) if (!socket.connecting) socket.write(next);
  }, 500);
  return () => {
    clearInterval(timer);
    for (const socket of sockets) socket.destroy();
  };
}

function open(port: number): Socket {
  const socket = createConnection({ port, host: "127.0.0.1", localAddress: "127.0.0.66" });
  socket.on("error", () => {});
  socket.resume();
  return socket;
}

function endIt(this: Socket): void {
  this.destroy();
}
