import { webhookServer } from "../../support/webhook-server.ts";
import type { ReceiverTrial } from "./trial.ts";

export const trial: ReceiverTrial = {
  async taken() {
    const { posts, url } = await webhookServer();
    return { entry: { kind: "webhook", url }, arrived: () => posts.map(({ body }) => body) };
  },
  async refused() {
    const { url } = await webhookServer(() => 400);
    return { entry: { kind: "webhook", url } };
  },
  async broken() {
    const { url } = await webhookServer(() => "nothing");
    return { entry: { kind: "webhook", url, timeout: "100ms" } };
  },
};
