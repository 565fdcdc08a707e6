/**
 * A room with a network of its own for the backbone, and one cable to it, whose packets can be lost,
 * slowed, or let through one way only. The near end of the cable is ours.
 */
import { execFile } from "node:child_process";
import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { findNatsServer } from "../../src/nats-server/nats-server-program.ts";

const run = promisify(execFile);
const room = "sluicegate-room";
const cable = "sg-cable";
/** Of the block that is set apart for tests of networks. */
const nearAddress = "198.18.77.1";
const farAddress = "198.18.77.2";

export interface NetRoom {
  /** The room's address, as it is seen from here and from inside. */
  readonly address: string;
  /** A program that is nats-server inside the room. */
  readonly natsServerProgram: string;
  /** Loses packets at random, of both directions, in per cent; 0 loses none. */
  lose(percent: number): Promise<void>;
  /** Loses everything that the backbone answers, or all that it is sent. */
  swallow(what: "answers" | "requests"): Promise<void>;
  /** Ends each connection that is used, with a reset, until `heal`. */
  reset(): Promise<void>;
  /** Nothing is lost any more. */
  heal(): Promise<void>;
  /** Bounds the rate of both directions, as `1mbit`; undefined for none. */
  limit(rate: string | undefined): Promise<void>;
  /** Takes the cable out, or puts it in. */
  link(state: "up" | "down"): Promise<void>;
  close(): Promise<void>;
}

/** Why no such network can be made here; undefined when it can. */
export async function missingForNetRoom(): Promise<string | undefined> {
  if (process.getuid?.() !== 0) return "not root";
  for (const program of ["ip", "tc", "nft"]) {
    try {
      await run("sh", ["-c", `command -v ${program}`], { env: toolsEnv() });
    } catch {
      return `no ${program}`;
    }
  }
  try {
    await ip("netns", "add", "sluicegate-try");
    await ip("netns", "delete", "sluicegate-try");
    return undefined;
  } catch {
    return "no network namespaces";
  }
}

/** Makes the room; `folder` takes a small program. One at a time on a machine. */
export async function openNetRoom(folder: string): Promise<NetRoom> {
  const nft = (rules: string): Promise<unknown> =>
    ip("netns", "exec", room, "nft", `flush ruleset; table inet cable { ${rules} }`);
  const chain = (hook: "input" | "output", rule: string): string => {
    const side = hook === "input" ? "iifname" : "oifname";
    return `chain ${hook} { type filter hook ${hook} priority 0; ${side} "${cable}" ${rule}; }; `;
  };
  const close = async (): Promise<void> => {
    await ip("link", "delete", cable).catch(() => {});
    await ip("netns", "delete", room).catch(() => {});
  };
  await close();
  try {
    await ip("netns", "add", room);
    await ip("link", "add", cable, "type", "veth", "peer", cable, "netns", room);
    await ip("address", "add", `${nearAddress}/30`, "dev", cable);
    await ip("-n", room, "address", "add", `${farAddress}/30`, "dev", cable);
    await ip("link", "set", cable, "up");
    await ip("-n", room, "link", "set", cable, "up");
    await ip("-n", room, "link", "set", "lo", "up");
    await nft("");
  } catch (thrown) {
    await close();
    throw thrown;
  }
  const natsServerProgram = join(folder, "nats-server-far");
  const { path } = findNatsServer(process.env);
  await writeFile(natsServerProgram, `#!/bin/sh\nexec ip netns exec ${room} ${path} "$@"\n`);
  await chmod(natsServerProgram, 0o755);
  return {
    address: farAddress,
    natsServerProgram,
    async lose(percent) {
      const rule = `numgen random mod 100 < ${percent} drop`;
      await nft(chain("input", rule) + chain("output", rule));
    },
    async swallow(what) {
      await nft(chain(what === "answers" ? "output" : "input", "drop"));
    },
    async reset() {
      await nft(chain("input", "meta l4proto tcp reject with tcp reset"));
    },
    async heal() {
      await nft("");
    },
    async limit(rate) {
      for (const place of [[], ["-n", room]]) {
        const at = ["dev", cable, "root"];
        if (rate === undefined) await tc(...place, "qdisc", "del", ...at);
        else {
          const bucket = ["tbf", "rate", rate, "burst", "16kb", "latency", "200ms"];
          await tc(...place, "qdisc", "replace", ...at, ...bucket);
        }
      }
    },
    async link(state) {
      await ip("-n", room, "link", "set", cable, state);
    },
    close,
  };
}

function tc(...args: string[]): Promise<unknown> {
  return run("tc", args, { env: toolsEnv() });
}

function ip(...args: string[]): Promise<unknown> {
  return run("ip", args, { env: toolsEnv() });
}

/** These programs stand where a user's PATH does not look. */
function toolsEnv(): NodeJS.ProcessEnv {
  return { ...process.env, PATH: `${process.env["PATH"]}:/usr/sbin:/sbin` };
}
