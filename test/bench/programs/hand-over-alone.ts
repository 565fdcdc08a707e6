/**
 * Normalizing in a thread of its own, by itself: what the thread that has the connections and the log
 * still does for each message, which is to hand it over and to take its event.
 */
import { isMainThread, parentPort, Worker } from "node:worker_threads";
import { answer, perSecondSince, readArguments } from "./answer.ts";
import type { CountArguments, HandOverAnswer } from "./reports.ts";
import { samplePayload } from "./sample-event.ts";
import { sampleNormalizer } from "./sample-normalizer.ts";

/** As many as arrive in one turn at full speed. */
const messagesAtOnce = 64;
const batchesUnderWay = 8;
const lengthBytes = 4;

/** Each with its length in front, in memory that can be given away. */
function pack(parts: readonly (Buffer | string)[]): ArrayBuffer {
  const sizes = parts.map((part) => Buffer.byteLength(part));
  const packed = new ArrayBuffer(sizes.reduce((sum, size) => sum + lengthBytes + size, 0));
  const bytes = Buffer.from(packed);
  let at = 0;
  for (const [index, part] of parts.entries()) {
    at = bytes.writeUInt32LE(sizes[index] ?? 0, at);
    at += typeof part === "string" ? bytes.write(part, at) : part.copy(bytes, at);
  }
  return packed;
}

function unpack(packed: ArrayBuffer): readonly Buffer[] {
  const bytes = Buffer.from(packed);
  const parts: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const end = at + lengthBytes + bytes.readUInt32LE(at);
    parts.push(bytes.subarray(at + lengthBytes, end));
    at = end;
  }
  return parts;
}

function normalizeForOthers(): void {
  const textOf = sampleNormalizer();
  parentPort?.on("message", (packed: ArrayBuffer) => {
    const events = pack(unpack(packed).map(textOf));
    parentPort?.postMessage(events, [events]);
  });
}

function handOver(worker: Worker, count: number): Promise<HandOverAnswer> {
  const payloads = Array.from({ length: messagesAtOnce }, (_, n) =>
    Buffer.from(samplePayload(n + 1)),
  );
  const before = performance.eventLoopUtilization();
  const startedMs = performance.now();
  return new Promise((resolve) => {
    let given = 0;
    let taken = 0;
    const give = (): void => {
      for (; given < count && given - taken < messagesAtOnce * batchesUnderWay; ) {
        const packed = pack(payloads);
        worker.postMessage(packed, [packed]);
        given += messagesAtOnce;
      }
    };
    const take = (packed: ArrayBuffer): void => {
      taken += unpack(packed).length;
      if (taken < given || given < count) {
        give();
        return;
      }
      worker.off("message", take);
      const { active } = performance.eventLoopUtilization(before);
      resolve({
        perSecond: perSecondSince(startedMs, taken),
        ownUs: (active * 1_000) / taken,
      });
    };
    worker.on("message", take);
    give();
  });
}

if (!isMainThread) normalizeForOthers();
else {
  const { count } = readArguments<CountArguments>();
  const worker = new Worker(new URL(import.meta.url));
  await handOver(worker, count / 10);
  answer(await handOver(worker, count));
  await worker.terminate();
}
