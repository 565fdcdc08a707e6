import { expect, it } from "vitest";
import { sml } from "../../src/normalize/codecs/sml.ts";
import { decode } from "../../src/normalize/decode.ts";
import { seals } from "../fuzz/seals.ts";
import { receivedMs } from "./given.ts";

/** In its transport, with a checksum that fits. */
function filed(messages: Uint8Array): Uint8Array {
  const whole = Buffer.concat([Buffer.from("1b1b1b1b01010101", "hex"), messages]);
  return seals["sml"]?.(whole) ?? whole;
}

it("refuses more values than any meter has, of which each is one byte there", () => {
  const nothings = Buffer.concat([Buffer.from("ff8f8f0f", "hex"), Buffer.alloc(65_535, 0x01)]);
  expect(decode(sml, filed(nothings), receivedMs)).toEqual({
    ok: false,
    reason: "there are more than 16384 values",
  });
});

it("finds the end of a file whose fill looks like ends of messages", () => {
  const message = Buffer.from(
    "760201620062007263070177010b0a01454d480000a1bd3401017177070100010800ff0101621e52ff6302fe0101016326a800",
    "hex",
  );
  expect(decode(sml, filed(message), receivedMs)).toMatchObject({
    value: [{ meter: "1EMH0010599732", values: { "1.8.0": 76.6 } }],
  });
});

it("takes a time for the value of an entry, as meters of charging stations write it", () => {
  const message = Buffer.from(
    "760201620062007263070177010b0a01454d480000a1bd34010171" +
      "7707810060080001010101017262017262026565371b6301" +
      "0101636326a800",
    "hex",
  );
  const decoded = decode(sml, filed(message), receivedMs);
  expect(decoded).toMatchObject({ value: [{ values: { "129-0:96.8.0*1": 1_698_110_307 } }] });
  expect(decoded).not.toHaveProperty("misfits");
});
