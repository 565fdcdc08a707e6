/** nats-servers as the files in `deploy/nats` configure them, but for paths, ports and names of this test. */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { connect, type NatsConnection, nkeyAuthenticator, nkeys } from "@nats-io/transport-node";
import { onTestFinished } from "vitest";
import { freePort } from "../../src/demo/free-port.ts";
import { findNatsServer } from "../../src/nats-server/nats-server-program.ts";
import { currentServer } from "./current-nats-server.ts";
import { waitUntil } from "./wait-until.ts";

export const natsFiles = fileURLToPath(new URL("../../deploy/nats", import.meta.url));
const certificatesScript = fileURLToPath(new URL("../../deploy/certificates.sh", import.meta.url));

/** The server of this system, which may be from before it could sync each message, and that one. */
export const natsPrograms = [
  findNatsServer(process.env).path,
  ...(currentServer === undefined ? [] : [currentServer]),
];

/** What servers of one test share: their CA, one user, and how files are changed for this machine. */
export interface NatsSite {
  readonly folder: string;
  readonly tls: string;
  readonly user: { readonly seedFile: string; readonly seed: Uint8Array };
  /** Text of a file to what stands in its place. */
  readonly instead: Readonly<Record<string, string>>;
}

export interface ShippedServerOptions {
  /** What its clients and the others call it. */
  readonly name: string;
  /** `single.conf` */
  readonly file: string;
  /** Further lines of it. */
  readonly more?: string;
  /** What differs from the other servers of the site. */
  readonly instead?: Readonly<Record<string, string>>;
}

/** Makes it; `instead` is for ports that servers know of each other. */
export async function natsSite(
  folder: string,
  program: string,
  instead: Readonly<Record<string, string>> = {},
): Promise<NatsSite> {
  const tls = join(folder, "tls");
  for (const name of ["server", "plant-a", "stranger"])
    execFileSync("sh", [certificatesScript, tls, name, "127.0.0.1", "localhost"]);
  const pair = nkeys.createUser();
  const seedFile = join(folder, "user.nk");
  await writeFile(seedFile, pair.getSeed(), { mode: 0o600 });
  await writeFile(
    join(folder, "users.conf"),
    `authorization { users: [{ nkey: ${pair.getPublicKey()} }] }\n`,
  );
  const syncs = !execFileSync(program, ["-v"], { encoding: "utf8" }).includes("v2.9.");
  await writeFile(
    join(folder, "sync-always.conf"),
    syncs ? await readFile(join(natsFiles, "sync-always.conf")) : "",
  );
  return {
    ...{ folder, tls },
    user: { seedFile, seed: pair.getSeed() },
    instead: { "/etc/nats/tls": tls, ...instead },
  };
}

export class ShippedNatsServer {
  readonly #site: NatsSite;
  readonly #program: string;
  readonly #options: ShippedServerOptions;
  readonly #folder: string;
  readonly port: number;
  #child: ChildProcess | undefined;
  #ended: Promise<unknown> = Promise.resolve();
  #said = "";

  private constructor(
    site: NatsSite,
    program: string,
    options: ShippedServerOptions,
    port: number,
  ) {
    this.#site = site;
    this.#program = program;
    this.#options = options;
    this.#folder = join(site.folder, options.name);
    this.port = port;
  }

  /** Starts one with a file; it is gone when the test ends. */
  static async start(
    site: NatsSite,
    program: string,
    options: ShippedServerOptions,
  ): Promise<ShippedNatsServer> {
    const server = new ShippedNatsServer(site, program, options, await freePort());
    await server.#write();
    onTestFinished(() => server.kill());
    await server.start();
    return server;
  }

  get url(): string {
    return `nats://127.0.0.1:${this.port}`;
  }

  get #path(): string {
    return join(this.#folder, this.#options.file);
  }

  async #write(): Promise<void> {
    const { file, instead, more = "" } = this.#options;
    await mkdir(this.#folder, { recursive: true });
    const here = Object.entries({
      ...this.#site.instead,
      ...instead,
      "0.0.0.0:4222": `127.0.0.1:${this.port}`,
      "127.0.0.1:8222": "127.0.0.1:-1",
      "/var/lib/nats": join(this.#folder, "jetstream"),
    });
    const shipped = await readFile(join(natsFiles, file), "utf8");
    const ports = `ports_file_dir: ${JSON.stringify(join(this.#folder, "ports"))}`;
    const texts = new Map([[file, [shipped, more, ports].join("\n")]]);
    for (const [, name = ""] of `${shipped}\n${more}`.matchAll(/^\s*include "([^"]+)"/gm))
      texts.set(
        name,
        // What the site has made itself, or what is shipped.
        await readFile(join(this.#site.folder, name), "utf8").catch(() =>
          readFile(join(natsFiles, name), "utf8"),
        ),
      );
    for (const [name, text] of texts)
      await writeFile(
        join(this.#folder, name),
        here.reduce((so, [from, to]) => so.replaceAll(from, to), text),
      );
  }

  /** Starts it again at the same port, with what it kept. */
  async start(): Promise<void> {
    const ports = join(this.#folder, "ports");
    await rm(ports, { recursive: true, force: true });
    await mkdir(ports);
    const child = spawn(this.#program, ["-c", this.#path], {
      stdio: ["ignore", "ignore", "pipe"],
      env: { ...process.env, SERVER_NAME: this.#options.name },
    });
    child.stderr.on("data", (part: Buffer) => {
      this.#said = (this.#said + part.toString()).slice(-4_000);
    });
    this.#child = child;
    this.#ended = new Promise((resolve) => child.once("exit", resolve));
    await waitUntil(async () => {
      if (child.exitCode !== null) throw new Error(`${this.#path} is not taken: ${this.#said}`);
      return (await readdir(ports)).length > 0;
    }, `${this.#path} is served`);
  }

  /** Waits until another server has told it that it has no rights there. */
  async refused(): Promise<void> {
    await waitUntil(() => this.#said.includes("Authorization Violation"), "it is refused");
  }

  async kill(): Promise<void> {
    this.#child?.kill("SIGKILL");
    await this.#ended;
  }

  /** A client that has the user and believes the CA; closed when the test ends. */
  async client(): Promise<NatsConnection> {
    const connection = await connect({
      servers: this.url,
      reconnect: false,
      tls: { caFile: join(this.#site.tls, "ca.crt") },
      authenticator: nkeyAuthenticator(this.#site.user.seed),
    });
    onTestFinished(() => connection.close());
    return connection;
  }
}
