/**
 * The reading side of the status socket. Every function fails with `status.unreachable`, or with
 * `status.denied` where this user may not open it.
 */
import { type IncomingMessage, request } from "node:http";
import { GatewayError } from "../core/errors.ts";
import type { Asked } from "../core/question.ts";
import { systemCode, systemReason } from "../core/system-reason.ts";
import { groupSocketOf, shelterOf, toSocketPath } from "./socket-path.ts";
import type { TapLine, TapRequest } from "./tap-stream.ts";

/** What it means when a socket does not take a connection. */
const nobodyThere: Readonly<Record<string, string>> = {
  ENOENT: "there is no such socket (ENOENT)",
  ECONNREFUSED: "its process is gone (ECONNREFUSED)",
};

/** Silence after which a process that accepted the question counts as stuck. */
const timeoutMs = 5_000;
/** The same where it may have to read much before it answers. */
const answerMs = 120_000;

type Method = "GET" | "POST";

/** What `/status` answers: whatever object the process gave. */
export async function readStatus(socket: string, signal?: AbortSignal): Promise<unknown> {
  return JSON.parse(await readText(socket, "/status", { signal }));
}

/** Puts a question to the role that knows it; gives its answer, which may take a while. */
export async function askRole(
  socket: string,
  question: string,
  asked: Asked,
  signal?: AbortSignal,
): Promise<unknown> {
  const path = `/ask/${question}?${new URLSearchParams(asked)}`;
  const how = { method: "POST", silenceMs: answerMs, signal } as const;
  return JSON.parse(await readText(socket, path, how));
}

/** What `/metrics` answers. */
export function readMetrics(socket: string): Promise<string> {
  return readText(socket, "/metrics");
}

/**
 * Looks at a stage until the limit, the end of the process, or the signal; after the signal
 * nothing more is given and nothing fails. `onListening` is called when lines can come.
 */
export async function* readTap(
  socket: string,
  tap: TapRequest,
  signal?: AbortSignal,
  onListening?: () => void,
): AsyncGenerator<TapLine, void, void> {
  const query = new URLSearchParams({ stage: tap.stage });
  for (const name of ["device", "metric", "topic", "limit"] as const)
    if (tap[name] !== undefined) query.set(name, String(tap[name]));
  try {
    const response = await ask(socket, `/tap?${query}`, signal);
    // From here on silence only means that nothing flows.
    response.setTimeout(0);
    response.setEncoding("utf8");
    onListening?.();
    let rest = "";
    for await (const part of response) {
      const lines = (rest + part).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) yield JSON.parse(line);
    }
  } catch (thrown) {
    if (!signal?.aborted) throw unreachable(socket, thrown);
  }
}

interface How {
  readonly method?: Method;
  readonly silenceMs?: number;
  /** The answer is not waited for any longer. */
  readonly signal?: AbortSignal | undefined;
}

async function readText(
  socket: string,
  path: string,
  { method, signal, silenceMs }: How = {},
): Promise<string> {
  const response = await ask(socket, path, signal, method, silenceMs);
  let text = "";
  response.setEncoding("utf8");
  try {
    for await (const part of response) text += part;
  } catch (thrown) {
    throw unreachable(socket, thrown);
  }
  return text;
}

/** Asks where the socket should be, then where it goes when its volume is read-only, or that of the group. */
async function ask(
  socket: string,
  path: string,
  signal?: AbortSignal,
  method: Method = "GET",
  silenceMs = timeoutMs,
): Promise<IncomingMessage> {
  const place = toSocketPath(socket);
  try {
    return await askAt(place, socket, path, signal, method, silenceMs);
  } catch (failure) {
    const isDenied = failure instanceof GatewayError && failure.code === "status.denied";
    const other = isDenied && method === "GET" ? groupSocketOf(place) : shelterOf(place);
    return askAt(other, socket, path, signal, method, silenceMs).catch(() => {
      throw failure;
    });
  }
}

function askAt(
  socketPath: string,
  socket: string,
  path: string,
  signal: AbortSignal | undefined,
  method: Method,
  silenceMs: number,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const question = request(
      { socketPath, path, method, timeout: silenceMs, ...(signal && { signal }) },
      (response) => {
        if (response.statusCode === 200) return resolve(response);
        response.resume();
        reject(unreachable(socket, new Error(`it answered ${response.statusCode}`)));
      },
    );
    question.on("timeout", () => question.destroy(new Error("it does not answer")));
    question.on("error", (error) => reject(unreachable(socket, error)));
    question.on("close", () => reject(unreachable(socket, new Error("it gave no answer"))));
    question.end();
  });
}

function unreachable(socket: string, thrown: unknown): GatewayError {
  if (thrown instanceof GatewayError) return thrown;
  const path = toSocketPath(socket);
  const code = systemCode(thrown);
  if (code === "EACCES" || code === "EPERM")
    return new GatewayError(
      "status.denied",
      `cannot open the status socket ${path}: permission denied (${code}); ` +
        "ask as the user that the process runs as, such as: sudo -u <user> sluicegate status; " +
        "status.group lets the members of a group see it",
      { cause: thrown },
    );
  return new GatewayError(
    "status.unreachable",
    `no running process answers on ${path}: ${nobodyThere[code ?? ""] ?? systemReason(thrown)}; ` +
      "start one with sluicegate up or run, or name its configuration with --config",
    { cause: thrown },
  );
}
