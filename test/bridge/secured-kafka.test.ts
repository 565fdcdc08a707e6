/** A bridge with a real Kafka that wants certificates and passwords; run by npm run test:bridge. */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { freePort } from "../../src/demo/free-port.ts";
import { hasKafka, type KafkaProgram, startKafka } from "../support/kafka-program.ts";
import { authorities, linkSecrets, triedIds, tries, user } from "../support/link-tries.ts";
import { readTopic } from "../support/read-topic.ts";

const modules = "org.apache.kafka.common.security";
const listening = ["ssl", "sasl_plain", "sasl_secured"] as const;
const refused = /alert|certificate|closed|disconnected|hang up|ECONNRESET|EPIPE|unknown ca/i;

describe.skipIf(!hasKafka)("a bridge to Kafka that looks who comes", () => {
  let folder: string;
  let kafka: KafkaProgram;
  let signed: Awaited<ReturnType<typeof authorities>>;
  let at: Readonly<Record<(typeof listening)[number], string>>;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "sluicegate-kafka-tls-"));
    signed = await authorities(folder);
    const addressOf = async (): Promise<string> => `127.0.0.1:${await freePort()}`;
    at = { ssl: await addressOf(), sasl_plain: await addressOf(), sasl_secured: await addressOf() };
    const { own, server } = signed;
    const shown = await Promise.all(
      [server.key, server.cert].map((file) => readFile(file, "utf8")),
    );
    await writeFile(join(folder, "server.pem"), shown.join(""));
    const others = `SSL://${at.ssl},PLAIN://${at.sasl_plain},SECURED://${at.sasl_secured}`;
    kafka = await startKafka(
      folder,
      [
        `listeners=PLAINTEXT://{address},CONTROLLER://127.0.0.1:{controller},${others}`,
        `advertised.listeners=PLAINTEXT://{address},${others}`,
        "listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,SSL:SSL,PLAIN:SASL_PLAINTEXT,SECURED:SASL_SSL",
        "ssl.keystore.type=PEM",
        `ssl.keystore.location=${folder}/server.pem`,
        "ssl.truststore.type=PEM",
        `ssl.truststore.location=${own.files.cert}`,
        "listener.name.ssl.ssl.client.auth=required",
        "sasl.enabled.mechanisms=PLAIN,SCRAM-SHA-256,SCRAM-SHA-512",
        ...["plain", "secured"].flatMap((name) => [
          `listener.name.${name}.plain.sasl.jaas.config=${modules}.plain.PlainLoginModule required user_plant="right";`,
          `listener.name.${name}.scram-sha-256.sasl.jaas.config=${modules}.scram.ScramLoginModule required;`,
          `listener.name.${name}.scram-sha-512.sasl.jaas.config=${modules}.scram.ScramLoginModule required;`,
        ]),
      ],
      ["256", "512"].map((bits) => `SCRAM-SHA-${bits}=[name=plant,password=right]`),
    );
  }, 240_000);
  afterAll(async () => {
    await kafka?.kill();
    await rm(folder, { recursive: true, force: true });
  });

  const target = (name: string, address: string, more: object = {}) => ({
    ...{ name, kind: "kafka", brokers: [address], topic: name, positions_topic: `${name}.at` },
    ...more,
  });

  async function arrived(topic: string): Promise<string[]> {
    const messages = await readTopic(kafka, topic, triedIds.length);
    return messages.map(({ headers }) => String(headers?.["ce_id"])).sort();
  }

  test("shows its certificate, believes one CA, and says what is wrong with others", async () => {
    const { other, own, plant, stranger } = signed;
    await tries(
      target("certified", at.ssl, { tls: {} }),
      [
        { secrets: await linkSecrets({ ca: other, as: plant }), says: /certificate/ },
        { secrets: await linkSecrets({ ca: own }), says: refused },
        { secrets: await linkSecrets({ ca: own, as: stranger }), says: refused },
      ],
      await linkSecrets({ ca: own, as: plant }),
    );
    expect(await arrived("certified")).toEqual(triedIds);
  }, 400_000);

  test.each([
    { mechanism: "plain", listener: "sasl_plain" },
    { mechanism: "scram-sha-256", listener: "sasl_plain" },
    { mechanism: "scram-sha-512", listener: "sasl_secured" },
  ] as const)(
    "says that a password is wrong, and goes on with the right one: $mechanism at $listener",
    async ({ listener, mechanism }) => {
      const name = `known-${mechanism}`;
      const ca = listener === "sasl_secured" ? signed.own : undefined;
      const secrets = (password: string) => linkSecrets({ ...(ca && { ca }), password });
      const more = { mechanism, ...user("plant"), ...(ca && { tls: {} }) };
      await tries(
        target(name, at[listener], more),
        [{ secrets: await secrets("wrong"), says: /authentication failed|SASL|credentials/i }],
        await secrets("right"),
      );
      expect(await arrived(name)).toEqual(triedIds);
    },
    400_000,
  );
});
