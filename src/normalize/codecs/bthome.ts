import {
  behindNumber,
  bluetoothAddress,
  mostAdvertisedBytes,
  readAdvertisement,
  serviceData,
} from "./advertisement.ts";
import { bthomeObjects, type ObjectType } from "./bthome-objects.ts";
import type { BytesCodec, Decoded } from "./codec.ts";
import { ReadLines } from "./lines.ts";

const uuid = 0xfcd2;
const version = 2;
const encrypted = 0x01;
const hasAddress = 0x02;
const onEvent = 0x04;
const old = "BTHome of version 1 is not read, only 2";

/** By itself, behind the number of the service, or in a whole advertisement. */
export const bthome: BytesCodec = {
  name: "bthome",
  about: "advertisements of BTHome 2 that are not encrypted",
  reads: "bytes",
  decode(bytes) {
    const data = bytes.length > mostAdvertisedBytes ? undefined : dataIn(bytes);
    const [info] = data ?? [];
    if (data === undefined || info === undefined)
      return {
        ok: false,
        reason: isOfVersion1(bytes) ? old : "payload is no advertisement of BTHome",
      };
    if (info >> 5 !== version)
      return { ok: false, reason: `BTHome of version ${info >> 5} is not read, only 2` };
    if ((info & encrypted) !== 0)
      return {
        ok: false,
        reason: "the advertisement is encrypted: switch that off at the device, or decrypt before",
      };
    return readObjects(data, info);
  },
  example: {
    payload: "4000090161025d0903b7183a01",
    value: {
      packet_id: 9,
      battery: 97,
      temperature: 23.97,
      humidity: 63.27,
      button: "press",
      on_event: false,
    },
  },
};

function dataIn(bytes: Uint8Array): Uint8Array | undefined {
  if ((bytes[0] ?? 0) >> 5 === version) return bytes;
  const behind = behindNumber(bytes, serviceData, uuid);
  if (behind !== undefined) return behind;
  const found = readAdvertisement(bytes)?.find(
    ({ id, type }) => type === serviceData && id === uuid,
  );
  return found?.data;
}

/** It had services of its own, one for what is encrypted. */
function isOfVersion1(bytes: Uint8Array): boolean {
  return (
    readAdvertisement(bytes)?.some(
      ({ id, type }) => type === serviceData && (id === 0x181c || id === 0x181e),
    ) === true
  );
}

/** What stands behind an object that is not known cannot be read, since nothing tells its length. */
function readObjects(data: Uint8Array, info: number): Decoded {
  const read = new ReadLines();
  const found: { readonly name: string; readonly value: unknown }[] = [];
  let at = (info & hasAddress) === 0 ? 1 : 7;
  while (at < data.length) {
    const id = data[at] ?? 0;
    const type: ObjectType | undefined = bthomeObjects.get(id);
    const from = type?.bytes === "told" ? at + 2 : at + 1;
    const length = type?.bytes === "told" ? (data[at + 1] ?? 0) : type?.bytes;
    if (type === undefined || length === undefined) {
      read.misfit(`object ${id} is not known, nor are the ${data.length - at} bytes from it on`);
      break;
    }
    const value = data.subarray(from, from + length);
    if (value.length < length || from > data.length) {
      read.misfit(`${type.name} has ${value.length} bytes of ${length}`);
      break;
    }
    for (const [name, one] of type.read(value)) {
      found.push({ name, value: one });
      if (name === "text" && one === null) read.misfit("a text is not UTF-8");
    }
    at = from + length;
  }
  if (found.length === 0) return read.decoded("the advertisement says nothing");
  const address = (info & hasAddress) === 0 ? undefined : data.slice(1, 7).toReversed();
  return read.decodedAs({
    ...named(found),
    on_event: (info & onEvent) !== 0,
    ...(address !== undefined && { mac: bluetoothAddress(address) ?? null }),
  });
}

/** Of several of one kind each has its number, in their order. */
function named(found: readonly { readonly name: string; readonly value: unknown }[]): object {
  const counts = new Map<string, number>();
  for (const { name } of found) counts.set(name, (counts.get(name) ?? 0) + 1);
  const numbers = new Map<string, number>();
  return Object.fromEntries(
    found.map(({ name, value }) => {
      if (counts.get(name) === 1) return [name, value];
      const number = (numbers.get(name) ?? 0) + 1;
      numbers.set(name, number);
      return [`${name}_${number}`, value];
    }),
  );
}
