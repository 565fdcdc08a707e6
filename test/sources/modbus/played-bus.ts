/** A bus of devices behind a TCP port: RTU or ASCII as a serial server hands it on, or Modbus TCP. */
import { createServer, type Server, type Socket } from "node:net";
import { checksumOf } from "../../../src/core/checksums.ts";
import { answerOf, type PlayedDevice } from "./played-device.ts";

export function withCrc(bytes: Uint8Array): Buffer {
  const crc = checksumOf("crc16-modbus", bytes);
  return Buffer.from([...bytes, crc & 0xff, crc >> 8]);
}

/** As Modbus ASCII has it: a colon, digits, an LRC, CR LF. */
export function asAscii(bytes: Uint8Array): Buffer {
  const lrc = -bytes.reduce((sum, byte) => sum + byte, 0) & 0xff;
  return Buffer.from(
    `:${Buffer.from([...bytes, lrc])
      .toString("hex")
      .toUpperCase()}\r\n`,
  );
}

/** How the line is, changeable at any time. */
export interface LineManners {
  /** Each byte takes so long, in both directions. */
  byteMs?: number;
  /** The adapter repeats what is sent. */
  echoes?: boolean;
  /** What the line itself says after each request, before any answer. */
  noise?: Buffer;
  /** The device thinks for so long; per unit where it is a function. */
  thinkMs?: number | ((unit: number, asked: number) => number);
  /** What becomes of an answer on its way. */
  spoil?: (frame: Buffer, asked: number) => Buffer | undefined;
}

abstract class PlayedLine {
  readonly devices: Map<number, PlayedDevice>;
  readonly manners: LineManners;
  /** Requests as they came: unit, function and data. */
  readonly asked: { readonly unit: number; readonly pdu: Buffer; readonly ms: number }[] = [];
  readonly sockets = new Set<Socket>();
  readonly #server: Server;

  constructor(devices: Record<number, PlayedDevice>, manners: LineManners = {}) {
    this.devices = new Map(Object.entries(devices).map(([unit, one]) => [Number(unit), one]));
    this.manners = manners;
    this.#server = createServer({ noDelay: true }, (socket) => {
      this.sockets.add(socket);
      socket.on("error", () => {});
      socket.on("close", () => this.sockets.delete(socket));
      this.serve(socket);
    });
  }

  async open(port = 0): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(port, "127.0.0.1", resolve));
    return this;
  }

  get port(): number {
    const address = this.#server.address();
    return typeof address === "object" && address !== null ? address.port : 0;
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** The answer of a unit, after it thought; undefined where there is none. */
  protected async answer(unit: number, pdu: Buffer): Promise<Buffer | undefined> {
    const { length } = this.asked;
    this.asked.push({ unit, pdu, ms: performance.now() });
    const device = this.devices.get(unit);
    if (device === undefined || device.dead || device.isSilentTo?.(pdu)) return undefined;
    const { thinkMs = 0 } = this.manners;
    const ms = typeof thinkMs === "number" ? thinkMs : thinkMs(unit, length);
    if (ms > 0) await new Promise((resolve) => setTimeout(resolve, ms));
    return answerOf(device, pdu);
  }

  protected abstract serve(socket: Socket): void;
}

/** Devices at a line, behind a serial server. */
abstract class PlayedSerialLine extends PlayedLine {
  get path(): string {
    return `tcp://127.0.0.1:${this.port}`;
  }

  /** Whole requests at the beginning of some bytes, as unit, function and data, and what they took. */
  protected abstract requestIn(
    bytes: Buffer,
  ): { readonly body: Buffer; readonly length: number } | undefined;

  protected abstract framed(body: Buffer): Buffer;

  protected serve(socket: Socket): void {
    let bytes: Buffer = Buffer.alloc(0);
    socket.on("data", (some) => {
      bytes = Buffer.concat([bytes, some]);
      for (let found = this.requestIn(bytes); found; found = this.requestIn(bytes)) {
        const frame = Buffer.from(bytes.subarray(0, found.length));
        bytes = bytes.subarray(found.length);
        void this.#reply(socket, frame, Buffer.from(found.body));
      }
    });
  }

  async #reply(socket: Socket, frame: Buffer, body: Buffer): Promise<void> {
    const { byteMs = 0, echoes, noise, spoil } = this.manners;
    if (noise) socket.write(noise);
    if (echoes) socket.write(frame);
    const number = this.asked.length;
    const startMs = performance.now();
    const answer = await this.answer(body[0] ?? 0, body.subarray(1));
    if (answer === undefined) return;
    const whole = this.framed(Buffer.from([body[0] ?? 0, ...answer]));
    const paceMs = (frame.length + whole.length) * byteMs - (performance.now() - startMs);
    if (byteMs > 0) await new Promise((resolve) => setTimeout(resolve, Math.max(0, paceMs)));
    const sent = spoil ? spoil(whole, number) : whole;
    if (sent !== undefined && !socket.destroyed) socket.write(sent);
  }
}

export class PlayedRtuBus extends PlayedSerialLine {
  protected requestIn(bytes: Buffer) {
    const length = (bytes[1] ?? 0) > 6 ? 9 + (bytes[6] ?? 0) : 8;
    if (bytes.length < 8 || bytes.length < length) return undefined;
    return { length, body: bytes.subarray(0, length - 2) };
  }

  protected framed(body: Buffer): Buffer {
    return withCrc(body);
  }
}

export class PlayedAsciiBus extends PlayedSerialLine {
  protected requestIn(bytes: Buffer) {
    const end = bytes.indexOf("\r\n");
    if (end === -1) return undefined;
    const body = Buffer.from(bytes.toString("latin1", 1, end - 2), "hex");
    return { length: end + 2, body };
  }

  protected framed(body: Buffer): Buffer {
    return asAscii(body);
  }
}

export class PlayedTcpBus extends PlayedLine {
  get path(): string {
    return `modbus-tcp://127.0.0.1:${this.port}`;
  }

  protected serve(socket: Socket): void {
    let bytes: Buffer = Buffer.alloc(0);
    socket.on("data", (some) => {
      bytes = Buffer.concat([bytes, some]);
      while (bytes.length >= 6 && bytes.length >= 6 + bytes.readUInt16BE(4)) {
        const end = 6 + bytes.readUInt16BE(4);
        const frame = Buffer.from(bytes.subarray(0, end));
        bytes = bytes.subarray(end);
        void this.#reply(socket, frame);
      }
    });
  }

  async #reply(socket: Socket, frame: Buffer): Promise<void> {
    const number = this.asked.length;
    const answer = await this.answer(frame[6] ?? 0, frame.subarray(7));
    if (answer === undefined) return;
    const head = Buffer.from(frame.subarray(0, 7));
    head.writeUInt16BE(answer.length + 1, 4);
    const whole = Buffer.concat([head, answer]);
    const { spoil } = this.manners;
    const sent = spoil ? spoil(whole, number) : whole;
    if (sent !== undefined && !socket.destroyed) socket.write(sent);
  }
}
