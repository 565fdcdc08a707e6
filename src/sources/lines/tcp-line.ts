/** A serial server that carries raw bytes over TCP: ser2net, ESPHome, adapters with a network plug. */
import { createConnection } from "node:net";
import { GatewayError } from "../../core/errors.ts";
import { systemCode, systemReason } from "../../core/system-reason.ts";
import type { ByteLine, LineEar } from "./byte-line.ts";
import type { TcpAddress } from "./tcp-address.ts";

/** For the connection to stand. */
const connectMs = 5_000;
/** Of silence, before the system asks whether the other side is there; it gives up 10 s later. */
const askAfterMs = 10_000;

const words: Readonly<Record<string, string>> = {
  ECONNREFUSED: "nothing listens there",
  ECONNRESET: "it cut the connection",
  EPIPE: "it cut the connection",
  EHOSTUNREACH: "there is no way to this machine",
  ENETUNREACH: "there is no way to this network",
  ETIMEDOUT: "it does not answer",
  ENOTFOUND: "no machine has this name",
  EAI_AGAIN: "the name cannot be looked up now: DNS does not answer",
};

function reasonOf(failure: unknown): string {
  return words[systemCode(failure) ?? ""] ?? systemReason(failure);
}

/** Connects once. Rejects with `source.unavailable`. */
export function openTcpLine(
  path: string,
  { host, port }: TcpAddress,
  ear: LineEar,
): Promise<ByteLine> {
  return new Promise((resolve, reject) => {
    let reason: string | undefined;
    let isOpen = false;
    let isClosed = false;
    const socket = createConnection({ host, port, noDelay: true, timeout: connectMs });
    const gone = (): GatewayError =>
      new GatewayError("source.unavailable", `${path}: ${reason ?? "it closed the connection"}`);
    const line: ByteLine = {
      path,
      write: (bytes) =>
        new Promise((written, failed) => {
          socket.write(bytes, (failure) => (failure ? failed(gone()) : written()));
        }),
      pause: () => void socket.pause(),
      resume: () => void socket.resume(),
      close: () =>
        new Promise((closed) => {
          isClosed = true;
          if (socket.closed) return closed();
          socket.once("close", () => closed());
          // What was not taken is not to arrive when the network is back.
          if (socket.writableLength > 0) socket.resetAndDestroy();
          else socket.destroy();
        }),
    };
    socket.once("timeout", () => {
      reason = `it does not answer within ${connectMs / 1_000} s`;
      socket.destroy();
    });
    socket.once("connect", () => {
      isOpen = true;
      socket.setTimeout(0);
      // A cable that is pulled between says nothing: without asking, the silence lasts for ever.
      socket.setKeepAlive(true, askAfterMs);
      resolve(line);
    });
    socket.on("data", (bytes) => {
      if (!isClosed) ear.data(bytes);
    });
    socket.on("end", () => socket.destroy());
    socket.on("error", (failure) => {
      reason ??= reasonOf(failure);
    });
    socket.once("close", () => {
      if (!isOpen) reject(gone());
      else if (!isClosed) ear.closed(reason ?? "it closed the connection");
    });
  });
}
