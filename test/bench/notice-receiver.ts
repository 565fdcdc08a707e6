/** A receiver of webhooks that counts what it is told and keeps nothing of it. */
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { isObject } from "../../src/core/is-object.ts";

/** One request. */
export interface Told {
  /** `/<receiver>` */
  readonly path: string;
  /** When its last byte was there, wall clock. */
  readonly atMs: number;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface NoticeReceiver {
  readonly url: string;
  close(): Promise<void>;
}

export async function openNoticeReceiver(onTold: (told: Told) => void): Promise<NoticeReceiver> {
  const server = createServer((request, response) => {
    void textOf(request).then((text) => {
      const atMs = performance.timeOrigin + performance.now();
      response.writeHead(200).end();
      const body: unknown = JSON.parse(text);
      if (isObject(body)) onTold({ path: request.url ?? "", atMs, body });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = isBound(address) ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function textOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part);
  return Buffer.concat(parts).toString();
}

function isBound(address: AddressInfo | string | null): address is AddressInfo {
  return typeof address === "object" && address !== null;
}
