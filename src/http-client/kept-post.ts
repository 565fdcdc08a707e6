/**
 * POSTs to one server over connections that are kept. Whatever is answered is given as it came: how long
 * a server asks to be left alone is for the caller to know. Redirects are not followed.
 */
import http from "node:http";
import https from "node:https";
import type { Clock } from "../core/clock.ts";

/** More of an answer is not read where nobody says how much. */
const mostOfAnswer = 16_384;
const fewConnections = 4;

/** Nothing was answered in time; what was asked may be done all the same. */
export class LateAnswer extends Error {
  constructor(timeoutMs: number) {
    super(`no answer in ${timeoutMs} ms`);
  }
}

/** The head and the beginning of the body of an answer over HTTP. */
export interface HttpAnswer {
  readonly status: number;
  readonly retryAfter: string | undefined;
  readonly body: string;
}

export interface HttpTarget {
  readonly url: string;
  /** The whole header; undefined for none. */
  readonly authorization: string | undefined;
  readonly ca: Uint8Array | undefined;
  /** Who we are, where the server asks for a certificate; both or none. */
  readonly cert?: Uint8Array | undefined;
  readonly key?: Uint8Array | undefined;
  readonly timeoutMs: number;
  /** Default 4. */
  readonly connections?: number;
}

export interface PostOptions {
  /** Default `POST`; a `HEAD` asks and changes nothing, and has no body. */
  readonly method?: "POST" | "HEAD";
  /** So many characters of the answer, default 16,384. */
  readonly most?: number;
  /** Beside those that every request has; a `content-type` replaces the usual one. */
  readonly headers?: Readonly<Record<string, string>>;
}

export interface KeptPost {
  /**
   * Resolves with whatever is answered; rejects when nothing is in time, or after the signal. `path`
   * follows that of the address.
   */
  post(path: string, body: string, signal: AbortSignal, options?: PostOptions): Promise<HttpAnswer>;
  close(): void;
}

export function createKeptPost(target: HttpTarget, clock: Clock): KeptPost {
  const { authorization, ca, cert, connections = fewConnections, key, timeoutMs, url } = target;
  const base = new URL(url);
  const secure = base.protocol === "https:";
  const kept = { keepAlive: true, maxSockets: connections };
  const agent = secure
    ? new https.Agent({
        ...kept,
        ...(ca && { ca: Buffer.from(ca) }),
        ...(cert && { cert: Buffer.from(cert) }),
        ...(key && { key: Buffer.from(key) }),
      })
    : new http.Agent(kept);
  const prefix = base.pathname.replace(/\/$/, "");

  return {
    async post(path, body, signal, { headers, method = "POST", most = mostOfAnswer } = {}) {
      const ended = new AbortController();
      const timer = clock.setTimer(timeoutMs, () => ended.abort(new LateAnswer(timeoutMs)));
      const content = Buffer.from(body);
      const options = {
        agent,
        method,
        signal: AbortSignal.any([signal, ended.signal]),
        headers: {
          "content-type": "text/plain; charset=utf-8",
          "content-length": content.length,
          ...(authorization !== undefined && { authorization }),
          ...headers,
        },
      };
      try {
        return await new Promise((resolve, reject) => {
          const whole = new URL(prefix + path, base);
          let hasBegun = false;
          const request = (secure ? https : http).request(whole, options, (response) => {
            hasBegun = true;
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
          // Who changes to another protocol ends the request, and no error tells of it.
          request.on("close", () => hasBegun || reject(new Error("it gave no answer")));
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
