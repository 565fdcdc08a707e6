import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

export interface ReceivedPost {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** What was answered. */
  readonly status: number;
}

/** An HTTP server of the running test's own that notes what is posted to it. */
export async function webhookServer(
  answer: (body: string, index: number) => number = () => 200,
): Promise<{ readonly url: string; readonly posts: readonly ReceivedPost[] }> {
  const posts: ReceivedPost[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8");
    request.on("data", (part: string) => {
      body += part;
    });
    request.on("end", () => {
      const status = answer(body, posts.length);
      posts.push({ headers: request.headers, body, status });
      response.writeHead(status).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  const { port } = isBound(address) ? address : { port: 0 };
  return { url: `http://127.0.0.1:${port}/hook`, posts };
}

function isBound(address: AddressInfo | string | null): address is AddressInfo {
  return typeof address === "object" && address !== null;
}
