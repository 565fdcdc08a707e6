/**
 * A serial port as a line.
 *
 * Invariants
 * - A read of 0 bytes is the end: the port was unplugged. The package reads on for ever there.
 * - No wait in a thread of the process without an end: the disk needs those. So nothing is drained
 *   where the other side may hold us back, and what was not sent is thrown away at the close.
 * - The port is closed when nothing reads it, writes to it or sets it: its number may be another file's
 *   then. Nobody waits for one that waits until all is sent.
 */
import { read } from "node:fs";
import { promisify } from "node:util";
import { GatewayError } from "../../core/errors.ts";
import { systemCode } from "../../core/system-reason.ts";
import type { ByteLine, LineEar } from "./byte-line.ts";
import type { LineOptions } from "./options.ts";
import { traitsOf } from "./port-traits.ts";
import { openSerialPort, type SerialPort } from "./serial-port.ts";
import { type WireForm, wireForm } from "./wire-form.ts";

/** More than the system holds for a port. */
const mostReadBytes = 65_536;
const readFrom = promisify(read);
const unplugged = "it was unplugged";

/** The port to be opened. */
export interface PortPlace {
  /** As people write it. */
  readonly path: string;
  /** As the system calls it, whatever names lead there. */
  readonly realPath: string;
}

/** Opens a port once. Rejects with `source.unavailable`; `warn` takes what does not keep it from opening. */
export async function openSerialLine(
  { path, realPath }: PortPlace,
  options: LineOptions,
  ear: LineEar,
  warn: (words: string) => void,
): Promise<ByteLine> {
  const { dtr = true, flow, rs485, rts = true } = options;
  const { hasParity, holdsBack } = traitsOf(realPath);
  const form = wireForm(options, hasParity);
  const port = await openSerialPort(path, options, form);
  const sending = rs485 === undefined ? undefined : rs485 === "rts-high";
  const lines = { dtr, rts: sending === undefined ? rts : !sending };
  // An adapter by FTDI keeps bytes back for 16 ms otherwise.
  const first = { ...lines, lowLatency: true };
  await port.set(first).catch((failure: unknown) => {
    if (sending !== undefined || options.dtr !== undefined || options.rts !== undefined)
      warn(
        `${path} does not let RTS and DTR be set: rts, dtr and rs485 do nothing there (${textOf(failure)})`,
      );
  });
  const drains = flow === "none" && !holdsBack;
  const line = new SerialLine(path, port, ear, { form, lines, sending, drains });
  line.listen();
  return line;
}

function textOf(failure: unknown): string {
  return failure instanceof Error ? failure.message : String(failure);
}

interface Driving {
  readonly form: WireForm;
  /** As they are while nothing is sent. */
  readonly lines: { readonly dtr: boolean; readonly rts: boolean };
  /** RTS while sending, where it switches the direction. */
  readonly sending: boolean | undefined;
  readonly drains: boolean;
}

class SerialLine implements ByteLine {
  readonly path: string;
  readonly #port: SerialPort;
  readonly #ear: LineEar;
  readonly #driving: Driving;
  #reading: Promise<void> | undefined;
  #writing: Promise<void> = Promise.resolve();
  /** What is done to the port for the one who writes. */
  #handing: Promise<void> = Promise.resolve();
  #closed: Promise<void> | undefined;
  #isOver = false;
  #resumed: (() => void) | undefined;
  #isPaused = false;

  constructor(path: string, port: SerialPort, ear: LineEar, driving: Driving) {
    this.path = path;
    this.#port = port;
    this.#ear = ear;
    this.#driving = driving;
  }

  listen(): void {
    this.#reading = this.#read();
  }

  write(bytes: Uint8Array): Promise<void> {
    const written = this.#writing.then(() => this.#write(bytes));
    this.#writing = written.catch(() => {});
    return written;
  }

  pause(): void {
    this.#isPaused = true;
  }

  resume(): void {
    this.#isPaused = false;
    this.#resumed?.();
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #read(): Promise<void> {
    const bytes = Buffer.allocUnsafe(mostReadBytes);
    while (!this.#isOver) {
      if (this.#isPaused) await this.#untilResumed();
      const count = await this.#readSome(bytes);
      if (this.#isOver) return;
      if (typeof count === "string") return this.#end(count);
      if (count === 0) continue;
      const heard = Buffer.from(bytes.subarray(0, count));
      this.#driving.form.read(heard);
      this.#ear.data(heard);
    }
  }

  /** How many bytes came; 0 when it has to be asked again, and words when none will come. */
  async #readSome(bytes: Buffer): Promise<number | string> {
    const { fd, poller } = this.#port;
    if (fd === null) return unplugged;
    try {
      const { bytesRead } = await readFrom(fd, bytes, 0, bytes.length, null);
      return bytesRead === 0 ? unplugged : bytesRead;
    } catch (failure) {
      const code = systemCode(failure);
      if (code !== "EAGAIN" && code !== "EWOULDBLOCK" && code !== "EINTR")
        return code === "EIO" || code === "ENXIO" || code === "ENODEV"
          ? unplugged
          : `it cannot be read: ${code}`;
      if (this.#isOver) return unplugged;
      return new Promise((resolve) => {
        poller.once("readable", (error: unknown) => resolve(error ? unplugged : 0));
      });
    }
  }

  #untilResumed(): Promise<void> {
    return new Promise((resolve) => {
      this.#resumed = () => {
        this.#resumed = undefined;
        resolve();
      };
    });
  }

  async #write(bytes: Uint8Array): Promise<void> {
    const { drains, lines, sending } = this.#driving;
    try {
      this.#handing = this.#hand(Buffer.from(bytes));
      await this.#handing;
      if (drains) await this.#port.drain();
      if (sending === undefined || this.#isOver) return;
      this.#handing = this.#port.set(lines).catch(() => {});
      await this.#handing;
    } catch (failure) {
      const message = `${this.path} cannot be written to: ${textOf(failure)}`;
      throw new GatewayError("source.unavailable", message, { cause: failure });
    }
  }

  /** Resolves when the system has the bytes. */
  async #hand(bytes: Buffer): Promise<void> {
    const { form, lines, sending } = this.#driving;
    if (this.#isOver) throw new Error("it is closed");
    form.write(bytes);
    if (sending !== undefined) await this.#port.set({ ...lines, rts: sending }).catch(() => {});
    await this.#port.write(bytes);
  }

  #end(reason: string): void {
    this.#isOver = true;
    void this.close();
    this.#ear.closed(reason);
  }

  async #close(): Promise<void> {
    this.#isOver = true;
    this.resume();
    const { poller } = this.#port;
    poller.stop();
    // A write that is under way would begin to wait now, with nobody to end that.
    poller.on("newListener", () => queueMicrotask(() => poller.stop()));
    await this.#reading;
    await this.#handing.catch(() => {});
    await this.#port.flush().catch(() => {});
    await this.#port.close().catch(() => {});
  }
}
