import { createServer, type IncomingHttpHeaders, type OutgoingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";

export interface ReceivedPost {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** What was answered; not a number where that was nothing. */
  readonly status: number;
}

/** What is answered: a status, one with headers and a body, or nothing at all. */
export type Answer =
  | number
  | { readonly status: number; readonly headers?: OutgoingHttpHeaders; readonly body?: string };
export type HookAnswer = Answer | "nothing";

export interface WebhookServer {
  readonly url: string;
  readonly posts: readonly ReceivedPost[];
  close(): Promise<void>;
}

/** An HTTP server that notes what is posted to it. */
export async function openWebhookServer(
  answer: (body: string, index: number) => HookAnswer = () => 200,
): Promise<WebhookServer> {
  const posts: ReceivedPost[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8");
    request.on("data", (part: string) => {
      body += part;
    });
    request.on("end", () => {
      const answered = answer(body, posts.length);
      const {
        headers = {},
        status,
        body: said = "",
      } = typeof answered === "object" ? answered : { status: Number(answered) };
      posts.push({ path: request.url ?? "", headers: request.headers, body, status });
      if (answered !== "nothing") response.writeHead(status, headers).end(said);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const { port } = isBound(address) ? address : { port: 0 };
  return {
    url: `http://127.0.0.1:${port}/hook`,
    posts,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function isBound(address: AddressInfo | string | null): address is AddressInfo {
  return typeof address === "object" && address !== null;
}
