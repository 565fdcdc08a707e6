import { expect, test } from "vitest";
import { ReadingRoom } from "../../src/api/reading-room.ts";

/** Reads that end when they are told to. */
function held(room: ReadingRoom) {
  const begun: string[] = [];
  const ends = new Map<string, () => void>();
  const read = (name: string, signal = new AbortController().signal): Promise<string> =>
    room.read(signal, async () => {
      begun.push(name);
      await new Promise<void>((resolve) => ends.set(name, resolve));
      return name;
    });
  return { begun, read, end: (name: string) => ends.get(name)?.() };
}

test("who waits has a turn in order, and one that is gone meanwhile takes none", async () => {
  const { begun, end, read } = held(new ReadingRoom(1, 10));
  const gone = new AbortController();
  const [first, second, third] = [read("first"), read("second", gone.signal), read("third")];
  const refused = expect(second).rejects.toMatchObject({ problem: { code: "gone" } });
  gone.abort();
  await refused;
  expect(begun).toEqual(["first"]);
  end("first");
  await first;
  await Promise.resolve();
  expect(begun).toEqual(["first", "third"]);
  end("third");
  await third;
});

test("more than may wait are told to come again", async () => {
  const { end, read } = held(new ReadingRoom(1, 1));
  const [first, second] = [read("first"), read("second")];
  await expect(read("third")).rejects.toMatchObject({ problem: { status: 503, code: "busy" } });
  end("first");
  await first;
  end("second");
  await second;
});

test("one that fails gives its place to the next", async () => {
  const room = new ReadingRoom(1, 1);
  const { signal } = new AbortController();
  await expect(room.read(signal, () => Promise.reject(new Error("no")))).rejects.toThrow("no");
  expect(await room.read(signal, async () => "yes")).toBe("yes");
});
