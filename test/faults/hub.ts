/** What arms about alerts play on: a server, processes of the hub, and a gateway that is played. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { connect, type NatsConnection } from "@nats-io/transport-node";
import { freePort } from "../../src/demo/free-port.ts";
import { type OwnNatsServer, startNatsServer } from "../../src/nats-server/own-nats-server.ts";
import { backboneOptions } from "../../src/stream/options.ts";
import { programWith } from "../support/gateway-program.ts";
import { makeGatewayStream } from "../support/gateway-stream.ts";
import type { Fault } from "../support/planted-program.ts";
import { type RoleProgram, type RoleProgramOptions, roleProgram } from "../support/role-program.ts";
import { playRules } from "./alert-play.ts";

export interface HubProgram extends Omit<RoleProgram, "status"> {
  status(): Promise<unknown>;
}

export interface Hub {
  /** Where the server keeps its streams. */
  readonly store: string;
  readonly natsUrl: string;
  startServer(): Promise<OwnNatsServer>;
  /** A role with a name of its own; started by whoever asks for it. */
  program(name: string, role: RoleProgramOptions["role"]): Promise<HubProgram>;
  /** Runs `work` over a connection of its own; the gateway's stream is there. */
  connected<T>(work: (connection: NatsConnection) => Promise<T>): Promise<T>;
}

export interface HubOptions {
  readonly folder: string;
  /** Lines of the configuration: `processor:`, `notify:`. */
  readonly configuration: string;
  /** Planted in every role. */
  readonly fault?: Fault | undefined;
  /** Default: the bundle that was built last. */
  readonly program?: string;
  /** Where streams are, and how, when the caller runs the servers. Default: one server of its own. */
  readonly backbone?: { readonly servers: readonly string[]; readonly replicas: number };
  /** Default: those of `AlertPlay`. */
  readonly rules?: object;
}

/** Everything that was started is gone when the work is over. */
export async function inHub<T>(options: HubOptions, work: (hub: Hub) => Promise<T>): Promise<T> {
  const { configuration, fault, folder } = options;
  const port = await freePort();
  const natsUrl = `nats://127.0.0.1:${port}`;
  const programs: HubProgram[] = [];
  let server: OwnNatsServer | undefined;
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "rules.yaml"), JSON.stringify(options.rules ?? playRules));
  const hub: Hub = {
    store: join(folder, "nats", "jetstream", "jetstream"),
    natsUrl,
    async startServer() {
      server = await startNatsServer({ folder: join(folder, "nats"), port });
      return server;
    },
    async program(name, role) {
      const own = join(folder, name);
      const configPath = join(own, "sluicegate.yaml");
      const socket = join(own, "s.sock");
      await mkdir(own);
      await writeFile(
        configPath,
        `site: plant-a
gateway: { id: hub, data: data }
backbone: ${JSON.stringify({ servers: [natsUrl], retry_max: "500ms", ...options.backbone })}
rules: { files: [../rules.yaml], reserved: { GatewayOffline: { enabled: false } } }
status: { socket: ${JSON.stringify(socket)} }
${configuration}`,
      );
      const started = roleProgram({
        role,
        configPath,
        folder: own,
        program: options.program ?? (await programWith(fault)),
      });
      const program = { ...started, status: () => started.status(socket) };
      programs.push(program);
      return program;
    },
    async connected(use) {
      const connection = await connect({ servers: natsUrl, reconnect: false });
      try {
        await makeGatewayStream(connection, backboneOptions.parse({ servers: [natsUrl] }));
        return await use(connection);
      } finally {
        await connection.close();
      }
    },
  };
  try {
    return await work(hub);
  } finally {
    await Promise.all(programs.map((program) => program.kill()));
    await server?.kill();
  }
}
