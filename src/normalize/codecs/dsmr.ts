import type { BytesCodec } from "./codec.ts";
import { channelReading, isOfOther } from "./dsmr-channel.ts";
import { meterReading } from "./dsmr-meter.ts";
import { parseTelegram, type TelegramLine } from "./dsmr-telegram.ts";
import { ReadLines } from "./lines.ts";

/**
 * P1 of smart meters (DSMR 2.2 to 5 and its relatives). A list: the meter, and each meter at its M-Bus
 * with its own time. `moment` tells readings apart that are told again: it is the time, or else that of
 * receipt. `values` and `units` have OBIS codes as keys.
 */
export const dsmr: BytesCodec = {
  name: "dsmr",
  about: "P1 telegrams of smart meters; a list, with a member for each meter",
  reads: "bytes",
  decode(bytes, receivedMs) {
    const read = new ReadLines();
    const telegram = parseTelegram(Buffer.from(bytes).toString("latin1").trim(), read);
    if (typeof telegram === "string") return { ok: false, reason: telegram };
    const channels = new Map<number, TelegramLine[]>();
    const own: TelegramLine[] = [];
    for (const line of telegram.lines) {
      const channel = Number(line.code.channel ?? 0);
      const others = isOfOther(line.code) ? channels.get(channel) : own;
      if (others === undefined) channels.set(channel, [line]);
      else others.push(line);
    }
    const meter = meterReading(telegram.identification, own, receivedMs, read);
    read.values.push(meter);
    for (const [channel, lines] of channels) {
      const reading = channelReading(channel, lines, meter, read);
      if (reading !== undefined) read.values.push(reading);
    }
    return read.decoded("no line is in the telegram");
  },
  example: {
    payload: Buffer.from(
      "/ACE5M\r\n\r\n0-0:1.0.0(170102192002W)\r\n1-0:1.8.1(004.426*kWh)\r\n!26B4\r\n",
    ).toString("hex"),
    value: [
      {
        meter: null,
        medium: "electricity",
        identification: "ACE5M",
        version: null,
        time: "2017-01-02T19:20:02+01:00",
        local_time: "2017-01-02T19:20:02",
        moment: "2017-01-02T19:20:02+01:00",
        values: { "1.8.1": 4.426 },
        units: { "1.8.1": "kWh" },
        times: {},
        lists: {},
        power_failures: [],
      },
    ],
  },
};
