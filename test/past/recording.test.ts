import { describe, expect, it } from "vitest";
import { toStreamSeq } from "../../src/core/ids.ts";
import { readRecording } from "../../src/past/read-recording.ts";
import { isUnreadable, readRecordedLine, recordedLine } from "../../src/past/recorded-line.ts";

const place = { streamSeq: toStreamSeq(918_273), storedMs: 1_764_000_000_123 };

function eventText(seq: number, name = "tür"): string {
  return (
    `{"specversion":"1.0","id":"gw1.abcd1234.${seq}","source":"/site/gw1/dev","type":"io.sluicegate.measurement.v1",` +
    `"subject":"dev","time":"2025-11-24T16:00:00.000Z","datacontenttype":"application/senml+json",` +
    `"received":"2025-11-24T16:00:00.100Z","clock":"device","data":[{"n":"${name}","v":1}]}`
  );
}

async function* pieces(bytes: Buffer, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

describe("A recording", () => {
  it("gives back the bytes of the message and where it stood", () => {
    const line = recordedLine(eventText(7), place) ?? "";
    expect(JSON.parse(line)).toMatchObject({ id: "gw1.abcd1234.7", streamseq: "918273" });
    const read = readRecordedLine(line);
    if (isUnreadable(read)) throw new Error(read.unreadable);
    expect(read.text).toBe(eventText(7));
    expect(read.place).toEqual(place);
    expect(read.event.extensions).toBeUndefined();
  });

  it("is read without places, as other commands print events", () => {
    const read = readRecordedLine(eventText(7));
    expect(isUnreadable(read) ? read : read.event.position.seq).toBe(7);
    expect(read).not.toHaveProperty("place");
  });

  it("tells an event of a device that nobody may call so", () => {
    const unnamed = eventText(7).replace('"subject":"dev",', "").replace("/gw1/dev", "/gw1/");
    expect(readRecordedLine(unnamed)).toHaveProperty("unreadable");
  });

  it("takes no text that would be two lines", () => {
    expect(recordedLine('{"a":\n1}', place)).toBeUndefined();
    expect(recordedLine("not json", place)).toBeUndefined();
  });

  it.each([1, 7, 4_096])("is read in pieces of %i bytes as in one", async (size) => {
    const text = `${recordedLine(eventText(1), place)}\r\n\n{"half\n${eventText(2)}\n${eventText(3)}`;
    const seen: string[] = [];
    for await (const one of readRecording(pieces(Buffer.from(text), size)))
      seen.push(
        "recorded" in one ? `${one.line} seq ${one.recorded.event.position.seq}` : `${one.line} no`,
      );
    expect(seen).toEqual(["1 seq 1", "3 no", "4 seq 2", "5 seq 3"]);
  });

  it("tells a last line that was cut off", async () => {
    const text = `${eventText(1)}\n${eventText(2).slice(0, 100)}`;
    const seen = [];
    for await (const one of readRecording(pieces(Buffer.from(text), 64))) seen.push(one);
    expect(seen.map((one) => ("recorded" in one ? "event" : one.unreadable))).toEqual([
      "event",
      "not JSON",
    ]);
  });
});
