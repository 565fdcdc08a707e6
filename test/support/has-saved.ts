import { expect } from "vitest";
import { partitionOf } from "../../src/core/subject.ts";
import { createCheckpointStore } from "../../src/processor/checkpoint.ts";
import { backboneOptionsFor, testBackbone } from "./backbone.ts";
import { origin, stream } from "./gateway-stream.ts";

/** Up to which message of the gateway's stream the checkpoint of its partition knows. */
export async function savedUpTo(
  url: string,
  backbone = testBackbone(url),
): Promise<number | undefined> {
  const { signal } = new AbortController();
  const options = backboneOptionsFor(url);
  const store = createCheckpointStore(partitionOf(origin.site), backbone, options, Math.random);
  return (await store.load(signal)).checkpoint?.positions[stream]?.mark.streamSeq;
}

/** Waits for the checkpoint of somebody who read up to this message. */
export async function hasSaved(url: string, streamSeq: number): Promise<void> {
  const backbone = testBackbone(url);
  await expect.poll(() => savedUpTo(url, backbone), { timeout: 30_000 }).toBe(streamSeq);
}
