/** A real Kafka of one node, without ZooKeeper, as a process on ports and in a folder of its own. */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { Kafka, logLevel } from "kafkajs";
import { freePort } from "../../src/demo/free-port.ts";
import { waitUntil } from "./wait-until.ts";

const run = promisify(execFile);
/** Where `deploy/setup.sh --bridge` puts what `test/kafka/pom.xml` names. */
const jars =
  process.env["KAFKA_JARS"] ??
  fileURLToPath(new URL("../../node_modules/.cache/kafka", import.meta.url));

/** Whether tests with one are run: they are asked for, and it is here. */
export const hasKafka = process.env["TEST_BRIDGE"] === "1" && existsSync(jars);

export class KafkaProgram {
  readonly address: string;
  readonly #folder: string;
  #child: ChildProcess | undefined;

  constructor(address: string, folder: string) {
    this.address = address;
    this.#folder = folder;
  }

  client(): Kafka {
    return new Kafka({
      clientId: "test",
      brokers: [this.address],
      logLevel: logLevel.NOTHING,
      retry: { retries: 10, initialRetryTime: 200, maxRetryTime: 2_000 },
    });
  }

  async start(): Promise<void> {
    const memory = ["-Xmx256m", "-XX:TieredStopAtLevel=1"];
    this.#child = spawn(
      "java",
      [...memory, "-cp", `${jars}/*`, "kafka.Kafka", `${this.#folder}/server.properties`],
      { stdio: "ignore" },
    );
    await waitUntil(() => this.#answers(), "Kafka answers", 120_000, 300);
  }

  async kill(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child === undefined || child.exitCode !== null) return;
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGKILL");
    await ended;
  }

  async #answers(): Promise<boolean> {
    const admin = new Kafka({
      brokers: [this.address],
      logLevel: logLevel.NOTHING,
      retry: { retries: 0 },
    }).admin();
    try {
      await admin.connect();
      return (await admin.describeCluster()).brokers.length === 1;
    } catch {
      return false;
    } finally {
      await admin.disconnect().catch(() => {});
    }
  }
}

/**
 * Starts one on free ports; whoever starts it ends it. `more` are lines of its configuration, in place of
 * ours where they name the same, with `{address}` and `{controller}` for where it listens; `users` are what
 * its storage is given at first, such as `SCRAM-SHA-512=[name=…,password=…]`.
 */
export async function startKafka(
  folder: string,
  more: readonly string[] = [],
  users: readonly string[] = [],
): Promise<KafkaProgram> {
  const [port, controller] = [await freePort(), await freePort()];
  const address = `127.0.0.1:${port}`;
  const lines = [
    "process.roles=broker,controller",
    "node.id=1",
    `controller.quorum.voters=1@127.0.0.1:${controller}`,
    `listeners=PLAINTEXT://${address},CONTROLLER://127.0.0.1:${controller}`,
    `advertised.listeners=PLAINTEXT://${address}`,
    "controller.listener.names=CONTROLLER",
    "inter.broker.listener.name=PLAINTEXT",
    `log.dirs=${folder}/data`,
    "num.partitions=3",
    "offsets.topic.replication.factor=1",
    "offsets.topic.num.partitions=1",
    "transaction.state.log.replication.factor=1",
    "transaction.state.log.min.isr=1",
    "transaction.state.log.num.partitions=1",
    "group.initial.rebalance.delay.ms=0",
    "log.cleaner.dedupe.buffer.size=2097152",
    ...more.map((line) =>
      line.replaceAll("{address}", address).replaceAll("{controller}", String(controller)),
    ),
    "",
  ];
  await writeFile(`${folder}/server.properties`, lines.join("\n"));
  const id = Buffer.from(crypto.randomUUID().slice(0, 16)).toString("base64url");
  await run("java", [
    ...["-cp", `${jars}/*`, "kafka.tools.StorageTool", "format"],
    ...["-t", id, "-c", `${folder}/server.properties`],
    ...users.flatMap((user) => ["--add-scram", user]),
  ]);
  const kafka = new KafkaProgram(address, folder);
  await kafka.start();
  return kafka;
}
