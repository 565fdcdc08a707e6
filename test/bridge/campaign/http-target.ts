import { createServer, type Server } from "node:http";
import { freePort } from "../../../src/demo/free-port.ts";
import type { CampaignTarget } from "./campaign-target.ts";

/** Killed between what it took and its answer, too: then nobody was told. */
export async function httpTarget(): Promise<CampaignTarget> {
  const port = await freePort();
  const ids: string[] = [];
  let server: Server | undefined;
  const kill = async (): Promise<void> => {
    const stopped = server;
    server = undefined;
    stopped?.closeAllConnections();
    await new Promise((resolve) => (stopped ? stopped.close(resolve) : resolve(undefined)));
  };
  return {
    name: "http",
    isExactlyOnce: false,
    entry: { name: "http", kind: "http", url: `http://127.0.0.1:${port}/events`, timeout: "3s" },
    async start() {
      const started = createServer((request, response) => {
        request.resume();
        request.on("end", () => {
          ids.push(String(request.headers["ce-id"]));
          response.writeHead(202).end();
        });
      });
      server = started;
      await new Promise<void>((resolve) => started.listen(port, "127.0.0.1", resolve));
    },
    kill,
    received: async () => ids,
    end: kill,
  };
}
