import { describe, expect, it } from "vitest";
import { countIdentities, KnownMessages } from "../../src/buffer/known-messages.ts";

const message = (counter: number, hash = counter, boot = 1) => ({ counter, hash, boot });

describe("KnownMessages", () => {
  it("knows a message by counter, boot and hash together", () => {
    const known = new KnownMessages();
    known.add("a", message(7), 1);
    expect(known.find("a", message(7))).toBeDefined();
    expect(known.find("b", message(7))).toBeUndefined();
    expect(known.find("a", message(7, 8))).toBeUndefined();
    expect(known.find("a", message(7, 7, 2))).toBeUndefined();
  });

  it("knows both messages of a device that started its counter anew", () => {
    const known = new KnownMessages();
    known.add("a", message(1, 11), 1);
    known.add("a", message(1, 12), 2);
    expect(known.find("a", message(1, 11))).toBeDefined();
    expect(known.find("a", message(1, 12))).toBeDefined();
  });

  it("keeps the last 1,024 messages of a device", () => {
    const known = new KnownMessages();
    for (let counter = 0; counter < 5_000; counter += 1) known.add("a", message(counter), counter);
    expect(known.find("a", message(5_000 - 1_024))).toBeDefined();
    expect(known.find("a", message(5_000 - 1_025))).toBeUndefined();
  });

  it("forgets the device that was silent longest", () => {
    const known = new KnownMessages();
    for (let device = 0; device < 16_384; device += 1) known.add(`d${device}`, message(1), 1);
    known.add("d0", message(2), 2);
    known.add("one more", message(1), 3);
    expect(known.find("d0", message(1))).toBeDefined();
    expect(known.find("d1", message(1))).toBeUndefined();
  });

  it("comes back from its bytes, without what was not durable", async () => {
    const known = new KnownMessages();
    for (let seq = 1; seq <= 100; seq += 1) known.add(`d${seq % 3}`, message(seq), seq);
    const copy = new KnownMessages();
    copy.load(await known.format(100_000, 90));
    for (let seq = 1; seq <= 100; seq += 1)
      expect(copy.find(`d${seq % 3}`, message(seq)) !== undefined).toBe(seq <= 90);
  });

  it("keeps the newest messages of each device where there is no room for all", async () => {
    const known = new KnownMessages();
    for (let seq = 1; seq <= 1_000; seq += 1) known.add(`d${seq % 2}`, message(seq), seq);
    const bytes = await known.format(1_000, 1_000);
    expect(bytes.length).toBeLessThanOrEqual(1_000);
    const copy = new KnownMessages();
    copy.load(bytes);
    expect(copy.find("d0", message(1_000))).toBeDefined();
    expect(copy.find("d1", message(999))).toBeDefined();
    expect(copy.find("d0", message(2))).toBeUndefined();
  });

  it("lets others run while it is written down, and takes new messages meanwhile", async () => {
    const known = new KnownMessages();
    let seq = 0;
    for (let counter = 0; counter < 128; counter += 1)
      for (let device = 0; device < 2_000; device += 1)
        known.add(`d${device}`, message(counter), ++seq);
    let turns = 0;
    let isOver = false;
    const turn = (): void => {
      turns += 1;
      known.add("d7", message(128 + turns), seq + turns);
      if (!isOver) setImmediate(turn);
    };
    setImmediate(turn);
    const bytes = await known.format(8 * 2 ** 20, seq);
    isOver = true;
    expect(turns).toBeGreaterThan(50);
    const copy = new KnownMessages();
    copy.load(bytes);
    expect(countIdentities(bytes)).toEqual({ devices: 2_000, messages: 2_000 * 128 });
    expect(copy.find("d7", message(127))).toBeDefined();
    expect(copy.find("d7", message(129))).toBeUndefined();
  });

  it("names an equal share for each device in a footer: 258 of 2,000 devices in 8 MiB", async () => {
    const known = new KnownMessages();
    let seq = 0;
    for (let counter = 0; counter < 300; counter += 1)
      for (let device = 0; device < 2_000; device += 1)
        known.add(`d${device}`, message(counter), ++seq);
    const copy = new KnownMessages();
    copy.load(await known.format(8 * 2 ** 20, seq));
    expect(copy.find("d5", message(300 - 250))).toBeDefined();
    expect(copy.find("d5", message(300 - 270))).toBeUndefined();
  });
});
