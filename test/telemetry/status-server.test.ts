import { spawn } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { stat } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { systemClock } from "../../src/app/system-clock.ts";
import { GatewayError } from "../../src/core/errors.ts";
import { askRole, readMetrics, readStatus, readTap } from "../../src/telemetry/status-client.ts";
import { type StatusServerOptions, startStatusServer } from "../../src/telemetry/status-server.ts";
import { createTapHub } from "../../src/telemetry/tap-hub.ts";
import type { TapLine } from "../../src/telemetry/tap-stream.ts";
import { silentLogger } from "../support/silence.ts";
import { tempFolder } from "../support/temp-folder.ts";

async function startServer(options: Partial<StatusServerOptions> = {}) {
  const socket = options.socket ?? join(await tempFolder(), "sluicegate.sock");
  const taps = createTapHub();
  const server = await startStatusServer({
    status: () => ({ schema: "sluicegate.status/1", up: true }),
    metrics: () => "gateway_up 1\n",
    questions: {},
    taps,
    clock: systemClock,
    logger: silentLogger,
    ...options,
    socket,
  });
  onTestFinished(() => server.stop());
  return { socket, server, taps };
}

const codeOf = (thrown: unknown): unknown =>
  thrown instanceof GatewayError ? thrown.code : `no GatewayError: ${thrown}`;

function ask(socketPath: string, path: string, method = "GET"): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    request({ socketPath, path, method }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on("error", reject)
      .end();
  });
}

describe("startStatusServer", () => {
  test("hands on what is asked of a role, whatever is in it, and what it answers", async () => {
    const { socket } = await startServer({
      questions: { forget: async (asked) => ({ asked }) },
    });
    const device = "café 7/ä&b=c?";
    expect(await askRole(socket, "forget", { device, why: "" })).toEqual({
      asked: { device, why: "" },
    });
  });

  test("answers only questions that are put as such, and that a role knows", async () => {
    const { socket } = await startServer({ questions: { forget: async () => ({}) } });
    expect(await ask(socket, "/ask/forget?device=plug")).toBe(404);
    for (const unknown of ["remember", "toString", "__proto__", "forget/plug", ""])
      expect(await ask(socket, `/ask/${unknown}`, "POST")).toBe(404);
  });

  test("says that a question failed, and answers the next one", async () => {
    const { socket } = await startServer({
      questions: { fail: () => Promise.reject(new Error("as planned")), go: async () => ({}) },
    });
    expect(await ask(socket, "/ask/fail", "POST")).toBe(500);
    expect(await ask(socket, "/ask/go", "POST")).toBe(200);
  });

  test("answers status and metrics on its socket", async () => {
    const { socket } = await startServer();
    expect(await readStatus(socket)).toEqual({ schema: "sluicegate.status/1", up: true });
    expect(await readMetrics(socket)).toBe("gateway_up 1\n");
  });

  test("lets only its owner open the socket", async () => {
    const { server } = await startServer();
    expect((await stat(server.path)).mode & 0o777).toBe(0o600);
  });

  test("takes a path that is too long for a socket to the temporary folder, and is found there", async () => {
    const socket = join(await tempFolder(), "x".repeat(100), "sluicegate.sock");
    const other = join(await tempFolder(), "x".repeat(100), "sluicegate.sock");
    const { server } = await startServer({ socket, status: () => ({ who: "one" }) });
    await startServer({ socket: other, status: () => ({ who: "two" }) });
    expect(dirname(server.path)).toBe(tmpdir());
    expect(await readStatus(socket)).toEqual({ who: "one" });
    expect(await readStatus(other)).toEqual({ who: "two" });
  });

  test("replaces the socket of a process that died", async () => {
    const socket = join(await tempFolder(), "sluicegate.sock");
    const listening = `require("node:net").createServer().listen(${JSON.stringify(socket)}, () => console.log("up"))`;
    const dying = spawn(process.execPath, ["-e", listening]);
    await new Promise((resolve) => dying.stdout.once("data", resolve));
    const gone = new Promise((resolve) => dying.once("exit", resolve));
    dying.kill("SIGKILL");
    await gone;
    expect(existsSync(socket)).toBe(true);
    await startServer({ socket });
    expect(await readStatus(socket)).toMatchObject({ up: true });
  });

  test("leaves the socket of a living process alone", async () => {
    const { socket } = await startServer({ status: () => ({ who: "first" }) });
    const second = await startServer({ socket }).catch(codeOf);
    expect(second).toBe("source.unavailable");
    expect(await readStatus(socket)).toEqual({ who: "first" });
  });

  test("never removes a file that is no socket", async () => {
    const socket = join(await tempFolder(), "sluicegate.sock");
    writeFileSync(socket, "precious");
    expect(await startServer({ socket }).catch(codeOf)).toBe("source.unavailable");
    expect((await stat(socket)).size).toBe(8);
  });

  test("removes its socket when it stops", async () => {
    const { server } = await startServer();
    await server.stop();
    expect(existsSync(server.path)).toBe(false);
  });

  test("refuses what it does not know, and survives an answer that fails", async () => {
    const { server } = await startServer({
      status: () => {
        throw new Error("broken");
      },
    });
    expect(await ask(server.path, "/nothing")).toBe(404);
    expect(await ask(server.path, "//")).toBe(500);
    expect(await ask(server.path, "/metrics", "POST")).toBe(405);
    expect(await ask(server.path, "/tap?stage=unknown")).toBe(400);
    // What is sent is read on the backbone; nobody would ever show it here.
    expect(await ask(server.path, "/tap?stage=sent")).toBe(400);
    expect(await ask(server.path, "/tap?stage=normalized&limit=0")).toBe(400);
    expect(await ask(server.path, "/tap?stage=normalized&device=")).toBe(400);
    expect(await ask(server.path, "/status")).toBe(500);
    expect(await ask(server.path, "/metrics")).toBe(200);
  });
});

describe("tap", () => {
  test("shows what flows until its limit", async () => {
    const { socket, taps } = await startServer();
    const lines: TapLine[] = [];
    const flow = setInterval(() => {
      if (!taps.wanted("normalized")) return;
      taps.offer("normalized", "motor-1", { temperature: 60 });
      taps.offer("normalized", "freezer-07", { temperature: -18, note: "grüße\n" });
    }, 5);
    onTestFinished(() => clearInterval(flow));
    for await (const line of readTap(socket, { stage: "normalized", device: "fr*", limit: 3 })) {
      lines.push(line);
    }
    const event = {
      kind: "event",
      stage: "normalized",
      device: "freezer-07",
      facts: { temperature: -18, note: "grüße\n" },
    };
    expect(lines).toEqual([event, event, event, { kind: "end", shown: 3, dropped: 0 }]);
    expect(taps.wanted("normalized")).toBe(false);
  });

  test("ends with the totals when the server stops", async () => {
    const { socket, server, taps } = await startServer();
    const lines: TapLine[] = [];
    for await (const line of readTapOnce(socket, () => {
      for (let at = 0; at < 1_000; at += 1) taps.offer("normalized", "d", { at });
      void server.stop();
    })) {
      lines.push(line);
    }
    expect(lines.at(-1)).toEqual({ kind: "end", shown: 100, dropped: 900 });

    async function* readTapOnce(path: string, onceWanted: () => void) {
      const wait = setInterval(() => {
        if (!taps.wanted("normalized")) return;
        clearInterval(wait);
        onceWanted();
      }, 5);
      yield* readTap(path, { stage: "normalized" });
    }
  });

  test("stops listening when its reader goes", async () => {
    const { socket, taps } = await startServer();
    const leave = new AbortController();
    const wait = setInterval(() => {
      if (taps.wanted("received")) leave.abort();
    }, 5);
    for await (const _line of readTap(socket, { stage: "received" }, leave.signal)) break;
    clearInterval(wait);
    while (taps.wanted("received")) await new Promise((resolve) => setTimeout(resolve, 5));
  });
});

describe("the reading side", () => {
  test("says so when nobody answers", async () => {
    const socket = join(await tempFolder(), "sluicegate.sock");
    const reading = readStatus(socket);
    await expect(reading).rejects.toThrow(`no running process answers on ${socket}`);
    expect(await readMetrics(socket).catch(codeOf)).toBe("status.unreachable");
    const tap = readTap(socket, { stage: "normalized" });
    expect(await tap.next().catch(codeOf)).toBe("status.unreachable");
  });
});
