import { expect, it } from "vitest";
import { eventIdOf, toGatewayId, toRunId, toSeq, toStreamSeq } from "../../src/core/ids.ts";
import { eventSubject, gatewayStream } from "../../src/core/subject.ts";
import { mergeByReceipt } from "../../src/past/merge-by-receipt.ts";
import { type PastEntry, readEventEntry } from "../../src/past/past-entry.ts";
import { readPages } from "../../src/past/read-pages.ts";
import { createEventEncoder } from "../support/event-encoder.ts";
import { origin, reading, startMs, stream } from "../support/gateway-stream.ts";

/** The messages of a gateway that received at these seconds, one after the other. */
function messagesOf(gateway: string, seconds: readonly number[]) {
  const own = { ...origin, gateway: toGatewayId(gateway) };
  const encode = createEventEncoder(own);
  return seconds.map((second, index) => {
    const event = reading("a", second, second);
    const id = eventIdOf(own.gateway, toRunId("aaaaaaaa"), toSeq(index + 1));
    return {
      streamSeq: toStreamSeq(index + 1),
      natsSubject: eventSubject({ ...own, device: event.device, kind: "measurement" }),
      eventId: id,
      body: new TextEncoder().encode(encode(event, id)),
      storedMs: startMs,
    };
  });
}

/** Its entries, in pages of two. */
function entriesOf(gateway: string, seconds: readonly number[], untilSecond = 1_000_000) {
  const messages = messagesOf(gateway, seconds);
  const part = {
    stream: gatewayStream(toGatewayId(gateway)),
    natsSubjectFilter: ">",
    from: toStreamSeq(1),
    to: messages.length,
    read: readEventEntry,
    untilMs: startMs + untilSecond * 1_000,
  };
  return readPages(part, {
    page: async (_, { from, most }) =>
      messages.filter(({ streamSeq }) => streamSeq >= Number(from)).slice(0, most),
    pageMessages: 2,
    onStray: () => {},
  });
}

async function told(entries: AsyncIterable<PastEntry>): Promise<string> {
  const all: string[] = [];
  for await (const { gateway, receivedMs } of entries)
    all.push(`${gateway}:${(receivedMs - startMs) / 1_000}`);
  return all.join(" ");
}

it("streams are merged by receipt, and each keeps its order where a clock was set back", async () => {
  const merged = mergeByReceipt([
    entriesOf("a", [1, 5, 2, 9]),
    entriesOf("b", []),
    entriesOf("c", [3, 4, 6]),
  ]);
  expect(await told(merged)).toBe("a:1 c:3 c:4 a:5 a:2 c:6 a:9");
});

it("a stream is read no further than a while behind what is asked for", async () => {
  const seconds = [1, 2, 500, 700, 5];
  expect(await told(entriesOf("a", seconds, 10))).toBe("a:1 a:2 a:500");
});

it("what is another gateway's is no event of a stream", () => {
  const [message] = messagesOf("gw2", [1]);
  expect(message && readEventEntry(stream, message)).toBeUndefined();
});
