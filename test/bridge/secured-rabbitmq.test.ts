/** A bridge with a real RabbitMQ over TLS; run by npm run test:bridge. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect } from "amqplib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { freePort } from "../../src/demo/free-port.ts";
import { authorities, linkSecrets, triedIds, tries, user } from "../support/link-tries.ts";
import { hasRabbit, type RabbitProgram, startRabbit } from "../support/rabbitmq-program.ts";

const refused = /alert|certificate|closed|ECONNRESET|EPIPE|unknown ca/i;

describe.skipIf(!hasRabbit)("a bridge to RabbitMQ over TLS", () => {
  let folder: string;
  let rabbit: RabbitProgram;
  let signed: Awaited<ReturnType<typeof authorities>>;
  let url: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "sluicegate-rabbit-tls-"));
    signed = await authorities(folder);
    const port = await freePort();
    url = `amqps://127.0.0.1:${port}`;
    rabbit = await startRabbit(folder, [
      `listeners.ssl.1 = 127.0.0.1:${port}`,
      `ssl_options.cacertfile = ${signed.own.files.cert}`,
      `ssl_options.certfile = ${signed.server.cert}`,
      `ssl_options.keyfile = ${signed.server.key}`,
      "ssl_options.verify = verify_peer",
      "ssl_options.fail_if_no_peer_cert = true",
    ]);
    await rabbit.control("add_user", "plant", "right");
    await rabbit.control("set_permissions", "plant", ".*", ".*", ".*");
  }, 180_000);
  afterAll(async () => {
    await rabbit?.end();
    await rm(folder, { recursive: true, force: true });
  });

  /** What arrives in a queue of an exchange that gets everything. */
  async function queueAt(exchange: string): Promise<() => Promise<string[]>> {
    const client = await connect(rabbit.url);
    const channel = await client.createChannel();
    await channel.assertExchange(exchange, "topic", { durable: true });
    const { queue } = await channel.assertQueue(exchange, { durable: true });
    await channel.bindQueue(queue, exchange, "ev.#");
    return async () => {
      const ids: string[] = [];
      for (;;) {
        const message = await channel.get(queue, { noAck: true });
        if (!message) break;
        ids.push(String(message.properties.messageId));
      }
      await client.close();
      return ids.sort();
    };
  }

  test("shows its certificate, believes one CA, and says what is wrong with others", async () => {
    const { other, own, plant, stranger } = signed;
    const arrived = await queueAt("certified");
    const shown = { password: "right" };
    await tries(
      { name: "certified", kind: "rabbitmq", url, exchange: "certified", ...user("plant") },
      [
        { secrets: await linkSecrets({ ca: other, as: plant, ...shown }), says: /certificate/ },
        { secrets: await linkSecrets({ as: plant, ...shown }), says: /certificate/ },
        { secrets: await linkSecrets({ ca: own, ...shown }), says: refused },
        { secrets: await linkSecrets({ ca: own, as: stranger, ...shown }), says: refused },
      ],
      await linkSecrets({ ca: own, as: plant, ...shown }),
    );
    expect(await arrived()).toEqual(triedIds);
  });

  test("says that a password is wrong, and goes on with the right one", async () => {
    const { own, plant } = signed;
    const arrived = await queueAt("known");
    const secrets = (password: string) => linkSecrets({ ca: own, as: plant, password });
    await tries(
      { name: "known", kind: "rabbitmq", url, exchange: "known", ...user("plant") },
      [{ secrets: await secrets("wrong"), says: /ACCESS_REFUSED|refused/i }],
      await secrets("right"),
    );
    expect(await arrived()).toEqual(triedIds);
  });
});
