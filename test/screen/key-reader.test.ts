import { describe, expect, it } from "vitest";
import { type Key, KeyReader } from "../../src/screen/key-reader.ts";
import { ManualClock } from "../support/manual-clock.ts";

/** What is read of parts that come one after the other, with a pause behind the last. */
async function keysOf(...parts: readonly (string | Buffer)[]): Promise<Key[]> {
  const clock = new ManualClock();
  const keys: Key[] = [];
  const reader = new KeyReader(clock, (key) => keys.push(key));
  for (const part of parts) reader.take(Buffer.from(part));
  await clock.advance(1_000);
  return keys;
}

describe("keys of a terminal", () => {
  it("are characters as they are, and names where there is none", async () => {
    expect(await keysOf("q?/ü冷🚀")).toEqual(["q", "?", "/", "ü", "冷", "🚀"]);
    expect(await keysOf("\r\u007f\t\u0003\u001a")).toEqual([
      ...["enter", "backspace", "tab", "ctrl-c", "ctrl-z"],
    ]);
  });

  it("are the same as different terminals send them, with or without something held down", async () => {
    expect(await keysOf("\u001b[A\u001bOA\u001b[1;5A")).toEqual(["up", "up", "up"]);
    expect(await keysOf("\u001b[5~\u001b[6;2~\u001b[H\u001bOF\u001b[1~")).toEqual([
      ...["page-up", "page-down", "home", "end", "home"],
    ]);
  });

  it("are whole where they come in parts", async () => {
    expect(await keysOf("\u001b", "[", "1;", "5B", "j")).toEqual(["down", "j"]);
    const [first, ...rest] = Buffer.from("冷");
    expect(await keysOf(Buffer.from([first ?? 0]), Buffer.from(rest))).toEqual(["冷"]);
  });

  it("tell an escape alone from the beginning of another key", async () => {
    expect(await keysOf("\u001b")).toEqual(["escape"]);
    expect(await keysOf("\u001b\u001b[A")).toEqual(["escape", "up"]);
    expect(await keysOf("\u001b[")).toEqual([]);
  });

  it("are not what a terminal says of itself", async () => {
    const reports = [
      "\u001b]11;rgb:ffff/ffff/ffff\u0007",
      "\u001b]10;rgb:0/0/0\u001b\\",
      "\u001b[24;80R",
      "\u001b[?62;22c",
      "\u001b[<0;12;3M",
      "\u001b[I",
      "\u001bP1$r0m\u001b\\",
    ];
    expect(await keysOf(...reports, "q")).toEqual(["q"]);
  });
});
