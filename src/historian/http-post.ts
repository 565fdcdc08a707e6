/**
 * Requests to the database over connections that are kept. The client library is not used to write:
 * it hides the head of a refusal, so nobody would know how long a server asks to be left alone, and
 * after a failure it takes itself away for a time of its own.
 */
import http from "node:http";
import https from "node:https";
import type { Clock } from "../core/clock.ts";
import type { HttpAnswer } from "./write-outcome.ts";

/** More of an answer to a write is not read. */
const mostOfWrite = 16_384;

/** Nothing was answered in time; what was asked may be done all the same. */
export class LateAnswer extends Error {
  constructor(timeoutMs: number) {
    super(`no answer in ${timeoutMs} ms`);
  }
}

export interface HttpTarget {
  readonly url: string;
  /** The whole header; undefined for none. */
  readonly authorization: string | undefined;
  readonly ca: Uint8Array | undefined;
  readonly timeoutMs: number;
}

export interface HttpPost {
  /**
   * Resolves with whatever is answered, and with so many characters of it; rejects when nothing is in
   * time, or after the signal.
   */
  post(path: string, body: string, signal: AbortSignal, most?: number): Promise<HttpAnswer>;
  close(): void;
}

export function createHttpPost(target: HttpTarget, clock: Clock): HttpPost {
  const { authorization, ca, timeoutMs, url } = target;
  const base = new URL(url);
  const secure = base.protocol === "https:";
  const connections = { keepAlive: true, maxSockets: 4 };
  const agent = secure
    ? new https.Agent({ ...connections, ...(ca && { ca: Buffer.from(ca) }) })
    : new http.Agent(connections);
  const prefix = base.pathname.replace(/\/$/, "");

  return {
    async post(path, body, signal, most = mostOfWrite) {
      const ended = new AbortController();
      const timer = clock.setTimer(timeoutMs, () => ended.abort(new LateAnswer(timeoutMs)));
      const content = Buffer.from(body);
      const options = {
        agent,
        method: "POST",
        signal: AbortSignal.any([signal, ended.signal]),
        headers: {
          "content-type": "text/plain; charset=utf-8",
          "content-length": content.length,
          ...(authorization !== undefined && { authorization }),
        },
      };
      try {
        return await new Promise((resolve, reject) => {
          const whole = new URL(prefix + path, base);
          const request = (secure ? https : http).request(whole, options, (response) => {
            let text = "";
            response.setEncoding("utf8");
            response.on("data", (part: string) => {
              if (text.length < most) text += part;
            });
            response.on("error", reject);
            response.on("end", () =>
              resolve({
                status: response.statusCode ?? 0,
                retryAfter: response.headers["retry-after"],
                body: text,
              }),
            );
          });
          request.on("error", reject);
          request.end(content);
        });
      } catch (thrown) {
        throw ended.signal.aborted ? ended.signal.reason : thrown;
      } finally {
        timer.cancel();
      }
    },
    close: () => agent.destroy(),
  };
}
