import { roleNames } from "../app/roles.ts";
import { statusSocketsOf } from "../config/status-socket.ts";
import { isObject } from "../core/is-object.ts";
import type { Asked } from "../core/question.ts";
import { askRole } from "../telemetry/status-client.ts";
import { socketPlaceOf } from "./site.ts";

export interface ProcessorOptions {
  readonly config: string;
  readonly socket?: string;
}

/** What the processor of this machine answers, whichever process it is in; undefined where none runs. */
export async function askProcessor(
  question: string,
  { config, socket }: ProcessorOptions,
  asked: Asked,
): Promise<Readonly<Record<string, unknown>> | undefined> {
  const sockets =
    socket === undefined ? statusSocketsOf(await socketPlaceOf(config), roleNames) : [socket];
  for (const one of sockets) {
    const answer = await askRole(one, question, asked).catch(() => undefined);
    if (isObject(answer)) return answer;
  }
  return undefined;
}
