/**
 * The devices' last messages, by what the devices themselves say about them: a resend is recognized
 * and not stored twice.
 *
 * Invariants
 * - At most 1,024 messages of a device are known, 16,384 devices, and about a million messages in
 *   all (24 MB); the device that was silent longest is forgotten first. Fewer after a restart: as
 *   many as the footer had room for.
 * - What is written to disk names durable records only: a message that the disk never got must be
 *   taken when it comes again.
 */
import type { MessageIdentity } from "../core/record.ts";
import { identityBytes, readIdentity } from "./format/payload.ts";

/** How many devices and messages are in what `format` gave. */
export function countIdentities(bytes: Buffer): { devices: number; messages: number } {
  let devices = 0;
  let messages = 0;
  for (let at = 0; at + 4 <= bytes.length; devices += 1) {
    const count = bytes.readUInt16LE(at + 2);
    messages += count;
    at += 4 + bytes.readUInt16LE(at) + count * identityBytes;
  }
  return { devices, messages };
}

const mostMessages = 1_024;
const mostDevices = 16_384;
const mostMessagesInAll = 2 ** 20;
const firstCapacity = 16;
/** Written down at a time; a fraction of a millisecond. */
const sliceBytes = 64 * 1024;

export class KnownMessages {
  readonly #devices = new Map<string, DeviceRing>();
  #capacity = 0;

  /** The record of this very message; 0 for one of an earlier run, undefined for a new one. */
  find(token: string, identity: MessageIdentity): number | undefined {
    return this.#devices.get(token)?.find(identity);
  }

  /** Adds the message of record `seq`. */
  add(token: string, identity: MessageIdentity, seq: number): void {
    let ring = this.#devices.get(token);
    if (ring) {
      this.#devices.delete(token);
    } else {
      ring = new DeviceRing();
      this.#capacity += ring.capacity;
      if (this.#devices.size >= mostDevices) this.#forgetOldest();
    }
    this.#devices.set(token, ring);
    if (ring.isFull && ring.capacity < mostMessages && this.#capacity < mostMessagesInAll) {
      this.#capacity += ring.capacity;
      ring.grow();
    }
    ring.add(identity, seq);
  }

  /**
   * The index as bytes, at most `maxBytes`, without what stands behind `durableSeq`. When it does
   * not fit, each device keeps its newest messages, an equal share each. Written down in slices: the
   * index may grow meanwhile.
   */
  async format(maxBytes: number, durableSeq: number): Promise<Buffer> {
    const perDevice = Math.floor(maxBytes / Math.max(1, this.#devices.size) / identityBytes) - 4;
    const most = Math.min(mostMessages, Math.max(1, perDevice));
    const chosen: [string, DeviceRing][] = [];
    let total = 0;
    for (const [token, ring] of [...this.#devices].reverse()) {
      const bytes = 4 + token.length + Math.min(most, ring.count) * identityBytes;
      if (total + bytes > maxBytes) break;
      total += bytes;
      chosen.push([token, ring]);
    }
    const bytes = Buffer.allocUnsafe(total);
    let at = 0;
    let restAt = sliceBytes;
    for (const [token, ring] of chosen.reverse()) {
      at = writeDevice(bytes, at, token, ring, most, durableSeq);
      if (at < restAt) continue;
      restAt = at + sliceBytes;
      await new Promise((resolve) => setImmediate(resolve));
    }
    return bytes.subarray(0, at);
  }

  /** Adds what `format` gave, as messages that stand before all others. */
  load(bytes: Buffer): void {
    let at = 0;
    while (at < bytes.length) {
      const tokenEnd = at + 4 + bytes.readUInt16LE(at);
      const end = tokenEnd + bytes.readUInt16LE(at + 2) * identityBytes;
      const token = bytes.toString("latin1", at + 4, tokenEnd);
      for (at = tokenEnd; at < end; at += identityBytes)
        this.add(token, readIdentity(bytes, at), 0);
    }
  }

  #forgetOldest(): void {
    for (const [token, ring] of this.#devices) {
      this.#devices.delete(token);
      this.#capacity -= ring.capacity;
      return;
    }
  }
}

/** Nothing where the disk got none of its messages. */
function writeDevice(
  bytes: Buffer,
  at: number,
  token: string,
  ring: DeviceRing,
  most: number,
  durableSeq: number,
): number {
  const from = at + 4 + bytes.write(token, at + 4, "latin1");
  const end = ring.writeNewest(bytes, from, most, durableSeq);
  if (end === from) return at;
  bytes.writeUInt16LE(token.length, at);
  bytes.writeUInt16LE((end - from) / identityBytes, at + 2);
  return end;
}

/** The last messages of one device, in a ring of numbers that grows to its limit. */
class DeviceRing {
  #counters = new Float64Array(firstCapacity);
  #boots = new Uint32Array(firstCapacity);
  #hashes = new Uint32Array(firstCapacity);
  #seqs = new Float64Array(firstCapacity);
  #count = 0;
  #next = 0;
  #highest = -1;

  /** Messages it knows. */
  get count(): number {
    return this.#count;
  }

  get capacity(): number {
    return this.#counters.length;
  }

  /** True when the next message takes the place of the oldest, which then stands first. */
  get isFull(): boolean {
    return this.#next === this.#counters.length;
  }

  find({ counter, boot, hash }: MessageIdentity): number | undefined {
    if (counter > this.#highest) return undefined;
    let at = this.#counters.indexOf(counter);
    while (at >= 0 && at < this.#count) {
      if (this.#boots[at] === boot && this.#hashes[at] === hash) return this.#seqs[at];
      at = this.#counters.indexOf(counter, at + 1);
    }
    return undefined;
  }

  add({ counter, boot, hash }: MessageIdentity, seq: number): void {
    const at = this.#next % this.#counters.length;
    this.#counters[at] = counter;
    this.#boots[at] = boot;
    this.#hashes[at] = hash;
    this.#seqs[at] = seq;
    this.#next = at + 1;
    this.#count = Math.max(this.#count, at + 1);
    this.#highest = Math.max(this.#highest, counter);
  }

  /** Writes the newest `most` at or below `durableSeq`, oldest of them first; gives the end. */
  writeNewest(bytes: Buffer, from: number, most: number, durableSeq: number): number {
    let found = 0;
    let back = 0;
    while (back < this.#count && found < most) {
      back += 1;
      if ((this.#seqs[this.#placeBack(back)] ?? 0) <= durableSeq) found += 1;
    }
    let at = from;
    for (; back > 0; back -= 1) {
      const place = this.#placeBack(back);
      if ((this.#seqs[place] ?? 0) > durableSeq) continue;
      bytes.writeDoubleLE(this.#counters[place] ?? 0, at);
      bytes.writeUInt32LE(this.#boots[place] ?? 0, at + 8);
      at = bytes.writeUInt32LE(this.#hashes[place] ?? 0, at + 12);
    }
    return at;
  }

  /** Where the message stands that was added `back` messages ago; 1 for the last. */
  #placeBack(back: number): number {
    return (this.#next - back + this.#count) % this.#count;
  }

  /** Doubles the room. To be called only when full: then the messages stand in order. */
  grow(): void {
    const capacity = this.#counters.length * 2;
    this.#counters = copyInto(new Float64Array(capacity), this.#counters);
    this.#seqs = copyInto(new Float64Array(capacity), this.#seqs);
    this.#boots = copyInto(new Uint32Array(capacity), this.#boots);
    this.#hashes = copyInto(new Uint32Array(capacity), this.#hashes);
  }
}

function copyInto<T extends Float64Array | Uint32Array>(target: T, source: T): T {
  target.set(source);
  return target;
}
