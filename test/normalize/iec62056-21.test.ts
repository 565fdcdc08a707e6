/** Read-outs as meters were heard to send them. */
import { expect, it } from "vitest";
import { iec62056 } from "../../src/normalize/codecs/iec62056-21.ts";
import { decode } from "../../src/normalize/decode.ts";
import { receivedMs } from "./given.ts";

it("keeps the digits of numbers that are names, however short their codes are", () => {
  const data = "F.F(00)\r\n0.0(        00736489)\r\n0.9.1(053000)\r\n1.8.1(000056.859*kWh)";
  const payload = Buffer.from(`/LGZ4ZMF100AC.M23\r\n\r\n${data}\r\n!\r\n`);
  expect(decode(iec62056, payload, receivedMs)).toMatchObject({
    value: { values: { "F.F": "00", "0.0": "00736489", "0.9.1": "053000", "1.8.1": 56.859 } },
  });
});

it("keeps what was at the due dates apart, but for the register that has such a number only", () => {
  const data = "1.8.0(18788.9*kWh)\r\n1.8.0*62(18750.0)\r\n1.8.0*00(0)\r\n2.8.0*00(45.38*kWh)";
  const payload = Buffer.from(`/PAF5EC3gr00006\r\n\r\n${data}\r\n!\r\n`);
  expect(decode(iec62056, payload, receivedMs)).toMatchObject({
    value: {
      values: { "1.8.0": 18_788.9, "2.8.0": 45.38 },
      units: { "1.8.0": "kWh", "2.8.0": "kWh" },
      earlier: { "1.8.0*62": 18_750, "1.8.0*00": 0 },
    },
  });
});
