import type { Backbone } from "../../src/stream/backbone.ts";
import { readWholeStream } from "../../src/stream/read-whole-stream.ts";

/** Bodies of everything a stream holds, in its order. */
export async function streamBodies(backbone: Backbone, stream: string): Promise<Uint8Array[]> {
  const bodies: Uint8Array[] = [];
  const connection = await backbone.connected(AbortSignal.timeout(10_000));
  await readWholeStream(connection, stream, ({ body }) => bodies.push(body));
  return bodies;
}
