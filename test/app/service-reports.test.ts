/** The real gateway, with a listener in the place of systemd. */
import { once } from "node:events";
import { readdirSync, readlinkSync } from "node:fs";
import { open, readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { CommitWatch } from "../../src/app/signs-of-life.ts";
import { takeServiceRequest } from "../../src/app/systemd-notify.ts";
import { toSeq } from "../../src/core/ids.ts";
import { freePort } from "../../src/demo/free-port.ts";
import { gatewayProcess } from "../support/gateway-process.ts";
import { openNotifySocket } from "../support/notify-socket.ts";
import { isHere } from "../support/programs-here.ts";
import { publishOnce } from "../support/publish-once.ts";
import { attachStrace, straceMissing } from "../support/strace.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { waitUntil } from "../support/wait-until.ts";

const watchdogMs = 1_000;

/** The number of a socket that this process has. */
function openSocketHere(): string {
  const isSocket = (fd: string): boolean => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`).startsWith("socket:");
    } catch {
      return false;
    }
  };
  return readdirSync("/proc/self/fd").find(isSocket) ?? "none";
}

/** What the unit that comes along puts before the program, to open the socket for it. */
async function opener(): Promise<string[]> {
  const unitPath = new URL("../../deploy/systemd/sluicegate.service", import.meta.url);
  const unit = (await readFile(unitPath, "utf8")).replaceAll("\\\n", "");
  const [, script = ""] = /^ExecStart=\/usr\/bin\/perl -MSocket -e '([^']+)'/m.exec(unit) ?? [];
  return ["perl", "-MSocket", "-e", script];
}

/** A gateway whose backbone is away, as systemd starts it; SIGUSR2 makes its event loop hang. */
async function startAsService(...before: readonly string[]) {
  const folder = await tempFolder();
  const notify = await openNotifySocket(folder);
  const hanging = join(folder, "hang.cjs");
  await writeFile(hanging, 'process.on("SIGUSR2", () => { for (;;); });\n');
  const asked = [`NOTIFY_SOCKET=${notify.path}`, `WATCHDOG_USEC=${watchdogMs * 1_000}`];
  const gateway = await gatewayProcess({
    folder,
    natsUrl: `nats://127.0.0.1:${await freePort()}`,
    wrap: ["env", ...asked, ...before],
    nodeOptions: ["--require", hanging],
  });
  await gateway.start();
  await waitUntil(() => notify.heard().includes("READY=1"), "it is ready");
  const pings = () => notify.heard().filter((word) => word === "WATCHDOG=1").length;
  const pingsOn = async (): Promise<void> => {
    const before = pings();
    await waitUntil(() => pings() > before + 1, "it gives signs of life");
  };
  /** Resolves when none came for as long as systemd would wait, twice. */
  const pingsEnd = async (): Promise<void> => {
    let before = -1;
    await waitUntil(
      () => {
        const were = before;
        before = pings();
        return were === before;
      },
      "it gives no sign of life any more",
      60_000,
      2 * watchdogMs,
    );
  };
  return { folder, gateway, heard: notify.heard, pingsEnd, pingsOn };
}

describe.runIf(isHere("systemd-notify", "--version") && isHere("python3", "--version"))(
  "a service",
  () => {
    it("says that it starts, runs, reads its files and stops, and lives while its link is down", async () => {
      const { gateway, heard, pingsOn } = await startAsService(...(await opener()));
      expect(heard()[0]).toBe("STATUS=Starting");
      await pingsOn();
      await waitUntil(
        () =>
          heard().some((word) => /^STATUS=Buffering since \d{4}-.*Z, [\d,]+ events?$/.test(word)),
        "it says how it is",
      );
      const before = heard().length;
      process.kill(gateway.pid, "SIGHUP");
      const reload = await waitUntil(() => {
        const said = heard().slice(before);
        return said.includes("READY=1", said.indexOf("RELOADING=1")) && said;
      }, "it has read its files");
      expect(reload[reload.indexOf("RELOADING=1") + 1]).toMatch(/^MONOTONIC_USEC=\d+$/);
      expect(await gateway.stop()).toBe(0);
      expect(heard().slice(-3)).toEqual([
        "STOPPING=1",
        "STATUS=Stopping",
        expect.stringMatching(/^EXTEND_TIMEOUT_USEC=\d+$/),
      ]);
    });

    it.skipIf(straceMissing())(
      "gives no sign of life while the disk ends no commit, nor when its event loop hangs",
      async () => {
        const { folder, gateway, heard, pingsEnd, pingsOn } = await startAsService();
        const slow = await attachStrace(
          gateway.pid,
          "fdatasync",
          join(folder, "trace"),
          ...["-e", "inject=fdatasync:delay_enter=600s"],
        );
        onTestFinished(slow.detach);
        void publishOnce(gateway.mqttUrl, "tele/greenhouse/SENSOR", "{}").catch(() => {});
        const hanging = /^STATUS=Hanging: the disk has not ended a commit for \d+ s$/;
        await waitUntil(() => hanging.test(heard().at(-1) ?? ""), "it says what hangs");
        await pingsEnd();
        expect(gateway.journal()).toContain("the watchdog hears nothing");
        await slow.detach();
        await pingsOn();

        process.kill(gateway.pid, "SIGUSR2");
        await pingsEnd();
        expect(gateway.alive).toBe(true);
      },
    );

    it("goes on where nobody can be told, and its journal says what to do", async () => {
      const folder = await tempFolder();
      const gateway = await gatewayProcess({
        folder,
        natsUrl: `nats://127.0.0.1:${await freePort()}`,
        wrap: ["env", `NOTIFY_SOCKET=${join(folder, "nobody")}`, "PATH=/nowhere"],
      });
      await gateway.start();
      await waitUntil(
        () => gateway.journal().includes("Type=exec and WatchdogSec=0"),
        "the journal says what to do",
      );
      expect(await gateway.stop()).toBe(0);
    });
  },
);

describe("what the service manager asked", () => {
  it("is not passed on to programs that the service starts", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    onTestFinished(() => void server.close());
    await once(server, "listening");
    const fd = openSocketHere();
    const asked = { NOTIFY_SOCKET: "/run/n", NOTIFY_FD: fd, WATCHDOG_USEC: "60000000" };
    const env = { ...asked, HOME: "/" };
    const request = { socket: "/run/n", openSocket: Number(fd), watchdogMs: 60_000 };
    expect(takeServiceRequest(env)).toEqual(request);
    expect(env).toEqual({ HOME: "/" });
    const ofAnother = takeServiceRequest({ ...asked, WATCHDOG_PID: "1" });
    expect(ofAnother).toEqual({ ...request, watchdogMs: undefined });
  });

  it("is never said into a file, whatever number the environment names", async () => {
    const file = await open(join(await tempFolder(), "segment"), "w");
    onTestFinished(() => file.close());
    for (const fd of [String(file.fd), "9999", "-1", "3x", "", "0x1"]) {
      const asked = takeServiceRequest({ NOTIFY_SOCKET: "/run/n", NOTIFY_FD: fd });
      expect(asked?.openSocket).toBeUndefined();
    }
  });

  it("is no watchdog where the time is none", () => {
    for (const usec of ["", "x", "-5", "0", "NaN"])
      expect(takeServiceRequest({ NOTIFY_SOCKET: "@n", WATCHDOG_USEC: usec })?.watchdogMs).toBe(
        undefined,
      );
  });
});

describe("the watch on commits", () => {
  const facts = (durable: number, last: number, writable = true) => ({
    ...{ durableSeq: toSeq(durable), lastSeq: toSeq(last), writable },
  });

  it("counts from when a commit was seen first, and anew when another is under way", () => {
    const watch = new CommitWatch();
    expect(watch.stuckMs(facts(5, 9), 1_000)).toBe(0);
    expect(watch.stuckMs(facts(5, 12), 41_000)).toBe(40_000);
    expect(watch.stuckMs(facts(9, 12), 50_000)).toBe(0);
    expect(watch.stuckMs(facts(9, 12), 51_000)).toBe(1_000);
  });

  it("takes a disk that is full or broken for no reason to die", () => {
    const watch = new CommitWatch();
    watch.stuckMs(facts(5, 9), 0);
    expect(watch.stuckMs(facts(5, 9, false), 90_000)).toBe(0);
    expect(watch.stuckMs(facts(5, 5), 91_000)).toBe(0);
  });
});
