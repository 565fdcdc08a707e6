/**
 * POSTs for receivers. Redirects are not followed, an answer is read as far as it is bounded, and what
 * failed is said without address or credentials.
 */
import { request as httpRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import type { Clock } from "../core/clock.ts";
import { maskSecrets } from "../core/mask-secrets.ts";

/** So much of an answer is read at most; who wants less reads nothing. */
const mostAnswerBytes = 16_384;

export interface Post {
  /** A user and password in it become a header. */
  readonly url: string;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** What came back: an answer, or why there is none. */
export type Answered =
  | {
      readonly kind: "answered";
      readonly status: number;
      /** The header as it came; null when there was none. */
      readonly retryAfter: string | null;
      /** As much of it as was asked for. */
      readonly body: string;
    }
  | { readonly kind: "failed"; readonly reason: string };

export interface PosterOptions {
  readonly clock: Clock;
  /** How long an answer is waited for. */
  readonly timeoutMs: number;
  /** PEM of those who may vouch for the other side, in place of the system's own. */
  readonly ca?: string | undefined;
  /** False: the head of an answer is enough. */
  readonly readsBody?: boolean;
}

/** Posts once; never rejects. Once the signal is aborted it ends. */
export type Poster = (post: Post, signal: AbortSignal) => Promise<Answered>;

export function createPoster({ ca, clock, readsBody = false, timeoutMs }: PosterOptions): Poster {
  return (post, signal) =>
    new Promise((resolve) => {
      const { authorization, url } = splitUserInfo(post.url);
      const body = Buffer.from(post.body);
      const options = {
        method: "POST",
        // A connection of its own: one that was kept may be closed by the other side just now.
        agent: false,
        headers: {
          "user-agent": "sluicegate",
          ...(authorization !== undefined && { authorization }),
          ...post.headers,
          "content-length": body.length,
        },
      };
      const request =
        url.protocol === "https:"
          ? httpsRequest(url, { ...options, ...(ca !== undefined && { ca }) })
          : httpRequest(url, options);
      const cutOff = (): void => end({ kind: "failed", reason: "stopped before an answer" });
      let onLate = (): void => end({ kind: "failed", reason: `no answer in ${timeoutMs} ms` });
      const timer = clock.setTimer(timeoutMs, () => onLate());
      const end = (answered: Answered): void => {
        timer.cancel();
        signal.removeEventListener("abort", cutOff);
        resolve(answered);
        // What follows may have no end, and what becomes of it changes nothing.
        request.destroy();
      };
      signal.addEventListener("abort", cutOff, { once: true });
      request.on("error", (error: Error) =>
        end({ kind: "failed", reason: maskSecrets(reasonOf(error)) }),
      );
      request.on("response", (response) => {
        const { statusCode: status = 0 } = response;
        const retryAfter = response.headers["retry-after"] ?? null;
        const answer = (said: string): void =>
          end({ kind: "answered", status, retryAfter, body: said });
        response.on("error", () => answer(""));
        if (!readsBody) return answer("");
        // The head has decided already: what drips in behind it is not waited for.
        onLate = readBounded(response, answer);
      });
      if (signal.aborted) cutOff();
      else request.end(body);
    });
}

/** Gives what came until the bound, the end or the breaking off, or until what it returns is called. */
function readBounded(response: IncomingMessage, done: (text: string) => void): () => void {
  const parts: Buffer[] = [];
  let bytes = 0;
  const finish = (): void => done(Buffer.concat(parts).toString("utf8", 0, mostAnswerBytes));
  response.on("data", (part: Buffer) => {
    parts.push(part);
    bytes += part.length;
    if (bytes >= mostAnswerBytes) finish();
  });
  response.once("end", finish);
  response.once("close", finish);
  return finish;
}

function splitUserInfo(text: string): { url: URL; authorization: string | undefined } {
  const url = new URL(text);
  const { password, username } = url;
  if (username === "" && password === "") return { url, authorization: undefined };
  const authorization = basic(decode(username), decode(password));
  url.username = "";
  url.password = "";
  return { url, authorization };
}

/** The header of a user and password. */
export function basic(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;
}

/** A percent sign that escapes nothing stands for itself. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function reasonOf(error: Error): string {
  if (error.message !== "") return error.message;
  // Of an attempt over several addresses only the code says something.
  return "code" in error ? String(error.code) : error.name;
}
