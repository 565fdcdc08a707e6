/** A server in the place of a database that answers each write as it is told to, and the last way for ever. */
import { createServer, type ServerResponse } from "node:http";
import { onTestFinished } from "vitest";

export type Answer = (response: ServerResponse) => void;

export const answer =
  (status: number, body = "", headers: Readonly<Record<string, string>> = {}): Answer =>
  (response) =>
    void response.writeHead(status, headers).end(body);

/** Nothing but writes is known to it. It is gone when the test ends. */
export async function scriptedDatabase(answers: readonly Answer[]) {
  const bodies: string[] = [];
  const heads: { readonly url: string; readonly authorization: string | undefined }[] = [];
  const server = createServer((request, response) => {
    const { headers, url = "" } = request;
    let body = "";
    request.setEncoding("utf8");
    request.on("data", (part: string) => {
      body += part;
    });
    request.on("end", () => {
      if (!/^\/(?:api\/v2\/)?write\?/.test(url)) return void response.writeHead(404).end("{}");
      const next = answers[Math.min(bodies.length, answers.length - 1)];
      bodies.push(body);
      heads.push({ url, authorization: headers.authorization });
      next?.(response);
    });
  });
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" ? address?.port : 0;
  return { url: `http://127.0.0.1:${port}`, bodies, heads };
}
