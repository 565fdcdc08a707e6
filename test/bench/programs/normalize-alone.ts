/** What the processor does for one message without any input or output: payload to event text. */
import { answer, perSecondSince, readArguments } from "./answer.ts";
import type { CountArguments, RateAnswer } from "./reports.ts";
import { samplePayload } from "./sample-event.ts";
import { sampleNormalizer } from "./sample-normalizer.ts";

const { count } = readArguments<CountArguments>();
const textOf = sampleNormalizer();
const payloads = Array.from({ length: 1_000 }, (_, n) => Buffer.from(samplePayload(n + 1)));

function normalizeAll(messages: number): number {
  const startedMs = performance.now();
  let bytes = 0;
  for (let n = 0; n < messages; n += 1)
    bytes += textOf(payloads[n % payloads.length] ?? Buffer.alloc(0)).length;
  if (bytes < messages) throw new Error("nothing was encoded");
  return perSecondSince(startedMs, messages);
}

normalizeAll(count / 10);
answer({ perSecond: normalizeAll(count) } satisfies RateAnswer);
