import {
  behindNumber,
  manufacturerData,
  mostAdvertisedBytes,
  readAdvertisement,
} from "./advertisement.ts";
import type { BytesCodec, Decoded } from "./codec.ts";
import { type RuuviFormat, ruuviFormats } from "./ruuvi-formats.ts";

const ruuvi0499 = 0x0499;

/**
 * By itself, behind the number of the maker, or in a whole advertisement; one of another maker gives
 * that maker's number alone.
 */
export const ruuvi: BytesCodec = {
  name: "ruuvi",
  about: "advertisements of RuuviTag and Ruuvi Air: data formats 3, 5, 6, C5 and E1",
  reads: "bytes",
  decode(bytes) {
    if (bytes.length > mostAdvertisedBytes)
      return { ok: false, reason: "payload is longer than any advertisement" };
    const format = formatOf(bytes);
    if (format?.length === bytes.length) return readFormat(format, bytes);
    const data = behindNumber(bytes, manufacturerData, ruuvi0499);
    if (data !== undefined) return readData(data);
    const makers = readAdvertisement(bytes)?.filter(({ type }) => type === manufacturerData);
    const own = makers?.find(({ id }) => id === ruuvi0499);
    if (own !== undefined) return readData(own.data);
    const [other] = makers ?? [];
    if (other !== undefined) return { ok: true, value: { company: other.id } };
    return { ok: false, reason: "payload is no advertisement of a Ruuvi sensor" };
  },
  example: {
    payload: "0512fc5394c37c0004fffc040cac364200cdcbb8334c884f",
    value: {
      company: ruuvi0499,
      format: 5,
      temperature: 24.3,
      humidity: 53.49,
      pressure: 100_044,
      acceleration_x: 0.004,
      acceleration_y: -0.004,
      acceleration_z: 1.036,
      voltage: 2.977,
      tx_power: 4,
      movement_counter: 66,
      sequence_number: 205,
      mac: "CB:B8:33:4C:88:4F",
    },
  },
};

function formatOf(bytes: Uint8Array): RuuviFormat | undefined {
  return ruuviFormats.get(bytes[0] ?? 0);
}

function readData(data: Uint8Array): Decoded {
  const format = formatOf(data);
  if (format === undefined) {
    const number = data[0]?.toString(16).toUpperCase().padStart(2, "0");
    return { ok: false, reason: `data format ${number ?? "(none)"} of Ruuvi is not known` };
  }
  if (data.length >= format.length) return readFormat(format, data);
  const reason = `payload has ${data.length} bytes of the ${format.length} of its data format`;
  return { ok: false, reason };
}

function readFormat({ length, read }: RuuviFormat, data: Uint8Array): Decoded {
  const value = { company: ruuvi0499, format: data[0], ...read(data) };
  const rest = data.length - length;
  const misfits = rest > 0 ? { misfits: [`${rest} bytes stand behind the data`] } : {};
  return { ok: true, value, ...misfits };
}
