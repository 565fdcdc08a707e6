import { createServer } from "node:http";

/** Posts as they came; some were refused for the moment and came again. */
export interface Webhook {
  readonly url: string;
  /** Idempotency keys of what was accepted, in the order of the posts. */
  readonly accepted: readonly { readonly id: string; readonly instance: string }[];
  readonly refused: number;
  close(): Promise<void>;
}

/** Takes what a notifier posts; every `refuseEvery`th post is answered 503. */
export async function openWebhook(refuseEvery: number): Promise<Webhook> {
  const accepted: { id: string; instance: string }[] = [];
  let posts = 0;
  let refused = 0;
  const server = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8");
    request.on("data", (part: string) => {
      body += part;
    });
    request.on("end", () => {
      posts += 1;
      const refuses = posts % refuseEvery === 0;
      if (refuses) refused += 1;
      else {
        const { instance }: { instance: string } = JSON.parse(body);
        accepted.push({ id: String(request.headers["idempotency-key"]), instance });
      }
      response.writeHead(refuses ? 503 : 200).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}/hook`,
    accepted,
    get refused() {
      return refused;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
