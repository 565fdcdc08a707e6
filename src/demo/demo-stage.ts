/**
 * What the demo plays on: devices, gateway, cable, backbone and rules, each a real one and, but for
 * devices and cable, a process of its own.
 */
import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { type Clock, sleep } from "../core/clock.ts";
import { GatewayError } from "../core/errors.ts";
import { isObject } from "../core/is-object.ts";
import type { Logger } from "../core/logger.ts";
import { openParts } from "../core/open-parts.ts";
import type { GatewayStatus } from "../gateway/gateway-status.ts";
import { gatewayStatusOf } from "../gateway/read-gateway-status.ts";
import { keepNatsServer } from "../nats-server/kept-nats-server.ts";
import { openCable } from "../simulate/cable.ts";
import type { DeviceSpec } from "../simulate/device.ts";
import { createFleet } from "../simulate/fleet.ts";
import { askRole, readStatus } from "../telemetry/status-client.ts";
import { hubRoles, writeDemoFiles } from "./demo-files.ts";
import { freePort } from "./free-port.ts";
import { type ProgramProcess, startProgram } from "./program-process.ts";

export type DemoStage = Awaited<ReturnType<typeof openDemoStage>>;

/** Opens the stage; whatever was started is stopped again when something does not start. */
export async function openDemoStage(options: {
  readonly devices: readonly DeviceSpec[];
  readonly speed: number;
  readonly keep: boolean;
  readonly clock: Clock;
  /** Told when the backbone's server dies by itself. */
  readonly logger: Logger;
}) {
  const { clock, devices, keep, logger, speed } = options;
  const { parts, stop } = await openParts(async (atEnd) => {
    const folder = await mkdtemp(join(tmpdir(), "sluicegate-demo-"));
    if (!keep) atEnd(() => rm(folder, { recursive: true, force: true }));
    const server = await keepNatsServer({
      folder: join(folder, "nats"),
      clock,
      random: Math.random,
      logger,
    });
    atEnd(() => server.stop());
    const cable = await openCable({ host: "127.0.0.1", port: server.port });
    atEnd(() => cable.close());
    const mqttPort = await freePort();
    const near = await writeDemoFiles({
      folder,
      speed,
      gatewayBackbone: `nats://127.0.0.1:${cable.port}`,
      mqttPort,
    });

    const gatewayLog = join(folder, "gateway.log");
    let gateway: ProgramProcess | undefined;
    atEnd(() => gateway?.stop());
    // It is found at the same place when it was killed and is there again.
    const gatewayConsole = `127.0.0.1:${await freePort()}`;
    const startGateway = async (): Promise<void> => {
      gateway = startProgram(
        ["run", "gateway", "--config", near.configPath, "--console", gatewayConsole],
        gatewayLog,
      );
      await gateway.answers(near.gatewaySocket, clock);
    };
    const status = async (): Promise<GatewayStatus | undefined> =>
      gatewayStatusOf(await readStatus(near.gatewaySocket).catch(() => undefined));
    const statusWhere = async (
      holds: (status: GatewayStatus) => boolean,
      limitMs: number,
    ): Promise<GatewayStatus> => {
      const until = clock.monotonicMs() + limitMs;
      for (;;) {
        const now = await status();
        if (now && holds(now)) return now;
        if (clock.monotonicMs() > until) {
          throw new GatewayError(
            "internal.bug",
            `the demo's gateway did not get there in ${limitMs / 1_000} s; run it with --keep and read ${gatewayLog}`,
          );
        }
        await sleep(clock, 50);
      }
    };
    await startGateway();

    // The hub sits at the backbone: the cable is not between them.
    const hub = startProgram(
      [
        ...["run", ...hubRoles, "--config", near.configPath, "--backbone", server.url],
        ...["--console", "127.0.0.1:0"],
      ],
      join(folder, "hub.log"),
    );
    atEnd(() => hub.stop());
    await hub.answers(near.hubSocket, clock);

    const fleet = createFleet({
      devices,
      url: `mqtt://127.0.0.1:${mqttPort}`,
      seed: "demo",
      boot: randomBytes(4).toString("hex"),
      speed,
      clock,
    });
    fleet.start();
    return {
      folder,
      server,
      cable,
      fleet,
      status,
      statusWhere,
      startGateway,
      /** Where the hub's console is, with what signs in whoever opens it first; undefined where it is nowhere. */
      consoleLink: () => linkOf(near.hubSocket),
      /** Where the gateway's own page is; the same. */
      gatewayLink: () => linkOf(near.gatewaySocket),
      killGateway: async () => gateway?.kill(),
    };
  });
  return { ...parts, close: stop };
}

async function linkOf(socket: string): Promise<string | undefined> {
  const by = userInfo().username;
  const said = await askRole(socket, "console-link", { by }).catch(() => undefined);
  return isObject(said) && typeof said["link"] === "string" ? said["link"] : undefined;
}
