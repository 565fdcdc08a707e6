/** What a simulated Modbus device answers, by frames that manuals show. */
import { describe, expect, it, test } from "vitest";
import { checksumOf } from "../../../src/core/checksums.ts";
import type { LineFrame } from "../../../src/simulate/lines/line-family.ts";
import { modbusDevices } from "../../../src/simulate/modbus/devices.ts";
import { ManualClock } from "../../support/manual-clock.ts";

/** A device at a line, and what it says there. */
function atLine(name: string, wrong: readonly ("exception" | "late")[] = []) {
  const family = modbusDevices.find((one) => one.name === name);
  if (family === undefined) throw new Error(`no device is named ${name}`);
  const clock = new ManualClock();
  const said: string[] = [];
  let hear: (bytes: Uint8Array) => void = () => {};
  family.open(
    {
      write: ({ bytes }: LineFrame) => said.push(Buffer.from(bytes).toString("hex")),
      onData: (listener) => {
        hear = listener;
      },
    },
    {
      clock,
      random: () => 1,
      everyMs: 1_000,
      nextNumber: () => 1,
      goesWrong: (how) => wrong.includes(how),
    },
  );
  const ask = (hex: string): string[] => {
    const before = said.length;
    hear(Buffer.from(hex.replaceAll(" ", ""), "hex"));
    return said.slice(before);
  };
  return { ask, clock, said };
}

/** A frame with its checksum, the lower byte first. */
function frame(hex: string): string {
  const body = Buffer.from(hex.replaceAll(" ", ""), "hex");
  const checksum = Buffer.alloc(2);
  checksum.writeUInt16LE(checksumOf("crc16-modbus", body));
  return Buffer.concat([body, checksum]).toString("hex");
}

describe("requests of manuals are answered", () => {
  it.each([
    ["sdm630", "01 04 00 00 00 02 71 cb", /^0104044366[0-9a-f]{4}[0-9a-f]{4}$/],
    ["soil", "01 03 00 00 00 03 05 cb", /^01030600c9ffcf0001[0-9a-f]{4}$/],
    ["senseair-s8", "fe 04 00 03 00 01 d5 c5", /^fe04020191[0-9a-f]{4}$/],
  ])("%s: %s", (name, request, answer) => {
    const [said] = atLine(name).ask(request);
    expect(said).toMatch(answer);
  });
});

test("requests are found in pieces, behind noise and one after the other", () => {
  const { ask } = atLine("soil");
  expect(ask("01 03 00 00")).toEqual([]);
  expect(ask("00 03 05 cb")).toHaveLength(1);
  expect(ask("ff 00 17 01 03 00 00 00 03 05 cb 01 03 00 00 00 03 05 cb")).toHaveLength(2);
  expect(ask("01 03 00 00 00 03 05 cc")).toEqual([]);
  expect(ask("01 03 00 00 00 03 05 cb")).toHaveLength(1);
});

test("others on the line are asked without an answer", () => {
  expect(atLine("soil").ask("02 03 00 00 00 03 05 f8")).toEqual([]);
});

describe("a controller", () => {
  it("takes one value and several, registers and coils, and says them then", () => {
    const { ask } = atLine("plc");
    const written = (hex: string) => expect(ask(frame(hex))).toEqual([frame(hex.slice(0, 17))]);
    const read = (hex: string) => ask(frame(hex))[0]?.slice(0, -4);
    written("01 06 00 02 01 f4");
    written("01 10 00 00 00 02 04 00 00 40 40");
    expect(read("01 03 00 00 00 03")).toBe("0103060000404001f4");
    written("01 05 00 00 ff 00");
    expect(read("01 01 00 00 00 02")).toBe("01010103");
    written("01 0f 00 00 00 02 01 00");
    expect(read("01 01 00 00 00 02")).toBe("01010100");
  });

  it("says why it refuses", () => {
    const { ask } = atLine("plc");
    const refused = (hex: string) => ask(frame(hex))[0]?.slice(0, -4);
    expect(refused("01 03 00 64 00 01")).toBe("018302");
    expect(refused("01 03 00 00 00 7e")).toBe("018303");
    expect(refused("01 06 00 0a 00 01")).toBe("018602");
    expect(refused("01 05 00 00 00 01")).toBe("018503");
    expect(refused("01 07 00 00 00 01")).toBe("018701");
  });

  it("obeys what all are told, and does not answer", () => {
    const { ask } = atLine("plc");
    expect(ask(frame("00 06 00 02 01 f4"))).toEqual([]);
    expect(ask(frame("01 03 00 02 00 01"))[0]).toMatch(/^01030201f4/);
  });
});

test("an answer may refuse, and may come when nobody waits for it any more", async () => {
  expect(atLine("soil", ["exception"]).ask("01 03 00 00 00 03 05 cb")[0]).toMatch(/^018304/);
  const { ask, clock, said } = atLine("soil", ["late"]);
  expect(ask("01 03 00 00 00 03 05 cb")).toEqual([]);
  await clock.advance(1_500);
  expect(said).toHaveLength(1);
});
