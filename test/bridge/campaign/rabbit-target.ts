import { connect } from "amqplib";
import { startRabbit } from "../../support/rabbitmq-program.ts";
import type { CampaignTarget } from "./campaign-target.ts";

const queue = "all";

/** RabbitMQ with one durable queue behind the exchange. */
export async function rabbitTarget(folder: string): Promise<CampaignTarget> {
  const rabbit = await startRabbit(folder);
  const client = await connect(rabbit.url);
  client.on("error", () => {});
  const channel = await client.createChannel();
  await channel.assertExchange("sluicegate", "topic", { durable: true });
  await channel.assertQueue(queue, { durable: true });
  await channel.bindQueue(queue, "sluicegate", "ev.#");
  await channel.close();
  await rabbit.kill();
  return {
    name: "rabbitmq",
    isExactlyOnce: false,
    entry: { name: "rabbitmq", kind: "rabbitmq", url: rabbit.url, timeout: "5s" },
    start: () => rabbit.start(),
    kill: () => rabbit.kill(),
    async received() {
      const reading = await connect(rabbit.url);
      reading.on("error", () => {});
      const reader = await reading.createChannel();
      const ids: string[] = [];
      for (;;) {
        const message = await reader.get(queue, { noAck: true });
        if (!message) break;
        ids.push(String(message.properties.messageId));
      }
      await reading.close();
      return ids;
    },
    end: () => rabbit.end(),
  };
}
