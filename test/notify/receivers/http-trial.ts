import { webhookServer } from "../../support/webhook-server.ts";
import type { ReceiverTrial } from "./trial.ts";

/** The trial of a kind that posts: `entry` is its entry for a server at an address. */
export function httpTrial(entry: (url: string) => object): ReceiverTrial {
  const surroundings = (url: string) => ({ readSecret: async () => ({ reveal: () => url }) });
  return {
    async taken() {
      const { posts, url } = await webhookServer();
      return {
        entry: entry(url),
        surroundings: surroundings(url),
        arrived: () => posts.map(({ body }) => body),
      };
    },
    async refused() {
      const { url } = await webhookServer(() => 400);
      return { entry: entry(url), surroundings: surroundings(url) };
    },
    async broken() {
      const { url } = await webhookServer(() => "nothing");
      return { entry: { ...entry(url), timeout: "100ms" }, surroundings: surroundings(url) };
    },
  };
}
