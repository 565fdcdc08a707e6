/** Whatever comes back from a line: nothing throws, and no wrong value is taken for an answer. */
import fc from "fast-check";
import { describe, expect, it, onTestFinished } from "vitest";
import { asciiFrames } from "../../../src/sources/modbus/ascii-frames.ts";
import { digitsOf, readRequest } from "../../../src/sources/modbus/request.ts";
import { rtuFrames } from "../../../src/sources/modbus/rtu-frames.ts";
import { waitUntil } from "../../support/wait-until.ts";
import { openBus, planOf } from "./open-bus.ts";
import { asAscii, PlayedAsciiBus, PlayedRtuBus, PlayedTcpBus, withCrc } from "./played-bus.ts";
import { registers } from "./played-device.ts";

const right = Array.from({ length: 10 }, (_, at) => 0x1100 + at);
const digits = right.map((value) => value.toString(16).padStart(4, "0")).join("");
const block = { table: "holding", at: 0, count: 10 } as const;
const body = Buffer.from([3, 3, 20, ...right.flatMap((one) => [one >> 8, one & 0xff])]);

/** An answer with some of it changed, cut, doubled or drowned. */
function spoiled(answer: Buffer): fc.Arbitrary<Uint8Array> {
  return fc
    .record({
      changes: fc.array(fc.tuple(fc.nat(answer.length - 1), fc.integer({ min: 1, max: 255 })), {
        minLength: 1,
        maxLength: 3,
      }),
      cut: fc.nat(answer.length),
      around: fc.uint8Array({ maxLength: 300 }),
    })
    .map(({ around, changes, cut }) => {
      const bytes = Buffer.from(answer);
      for (const [at, mask] of changes) bytes[at] = (bytes[at] ?? 0) ^ mask;
      return Buffer.concat([around, bytes.subarray(0, cut), around]);
    });
}

describe.each([
  ["RTU", rtuFrames, withCrc(body)],
  ["ASCII", asciiFrames, asAscii(body)],
] as const)("any bytes of a line of %s", (_, frames, answer) => {
  it("are no answer unless they hold the very answer", () => {
    const request = readRequest(3, block);
    fc.assert(
      fc.property(
        fc.oneof(spoiled(answer), fc.uint8Array({ maxLength: 1_024 })),
        fc.nat(20),
        (bytes, from) => {
          const found = frames.findAnswer(request, bytes, from);
          if (found?.kind === "data") expect(digitsOf(block, found.pdu)).toBe(digits);
          frames.isWholeAnswer(bytes, from);
          frames.findRequest(bytes);
          frames.isOfUnit(request, bytes, from);
          expect(frames.damageWords(request, bytes, from)).not.toBe("");
        },
      ),
      { numRuns: 20_000 },
    );
  });

  it("are the answer wherever it stands among them", () => {
    const request = readRequest(3, block);
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 200 }),
        fc.uint8Array({ maxLength: 200 }),
        (before, behind) => {
          const found = frames.findAnswer(request, Buffer.concat([before, answer, behind]), 0);
          expect(found).toMatchObject({ kind: "data" });
        },
      ),
    );
  });
});

describe.each([
  ["RTU", PlayedRtuBus],
  ["ASCII", PlayedAsciiBus],
  ["TCP", PlayedTcpBus],
] as const)("a device behind %s that sends rubbish", (mode, Bus) => {
  it("costs no value, stores no wrong one, and is read again when it stops", async () => {
    const bus = await new Bus({ 3: { tables: { holding: registers(0, ...right) } } }).open();
    onTestFinished(() => bus.close());
    const rubbish = fc.sample(fc.uint8Array({ maxLength: 400 }), 60);
    let sent = 0;
    bus.manners.spoil = (frame) => {
      sent += 1;
      const some = Buffer.from(rubbish[sent % rubbish.length] ?? []);
      return sent % 3 === 0 ? Buffer.concat([frame.subarray(0, sent % frame.length), some]) : some;
    };
    const values = right.map((_, at) => ({ name: `v${at}`, at }));
    const { polled, source } = await openBus(bus, [3], planOf(values), {
      timeout: "50ms",
      dead_every: "1s",
      ...(mode === "ASCII" && { mode: "ascii" }),
    });
    await waitUntil(() => sent >= 5, "it was asked often");
    delete bus.manners.spoil;
    await waitUntil(
      () => JSON.stringify(polled("m3").at(-1) ?? {}).includes(digits),
      "it is read again",
    );
    for (const one of polled("m3")) {
      const { holding } = one as { holding?: Record<string, string> };
      if (holding !== undefined) expect(holding).toEqual({ 0: digits });
    }
    await source.stop();
  });
});
