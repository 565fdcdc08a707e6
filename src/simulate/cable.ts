/**
 * A cable that can be pulled: a TCP proxy on loopback.
 *
 * What runs behind it is the real thing on both sides, so a pulled cable exercises the real
 * reconnects. While it is unplugged it still holds its port and resets whoever comes: a port that
 * was let go could be taken by a neighbor, or, on loopback, by the very client that tries to reach
 * it.
 */
import { connect, createServer, type Socket } from "node:net";
import { GatewayError } from "../core/errors.ts";

export interface Cable {
  /** Where the near end listens, on 127.0.0.1. */
  readonly port: number;
  /** Lets connections through again. A new cable is plugged. */
  plug(): void;
  /** Breaks every connection and resets new ones; bytes that were held are gone. */
  unplug(): void;
  /**
   * Holds bytes and ends of connections without closing anything: of both directions, or only what
   * the server answers.
   */
  stall(held?: "both" | "answers"): void;
  /** Hands on what was held, in order, also when its sender is gone by now. */
  resume(): void;
  /** Breaks everything and gives the port back. */
  close(): Promise<void>;
}

/** Held bytes of one direction; beyond it the sender's own buffers fill. */
const maxHeldBytes = 64 * 2 ** 20;

/** Opens a cable to a server, plugged. */
export async function openCable(target: { host: string; port: number }): Promise<Cable> {
  const lanes = new Set<Lane>();
  let plugged = true;
  let stalled: "none" | "both" | "answers" = "none";

  const server = createServer((near) => {
    if (!plugged) return void near.resetAndDestroy();
    const far = connect(target.port, target.host);
    const there = new Lane("requests", near, far, stalled === "both");
    const back = new Lane("answers", far, near, stalled !== "none");
    for (const lane of [there, back]) {
      lanes.add(lane);
      lane.ended.then(() => lanes.delete(lane));
    }
    const breakBoth = (): void => {
      there.break();
      back.break();
    };
    far.on("error", breakBoth);
    // The far side must still get what a client sent before it died.
    near.on("error", () => there.finish());
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  if (address === null || typeof address === "string") {
    throw new GatewayError("internal.bug", "a cable listens without a port");
  }

  const breakAll = (): void => {
    for (const lane of lanes) lane.break();
  };
  return {
    port: address.port,
    plug() {
      plugged = true;
    },
    unplug() {
      plugged = false;
      breakAll();
    },
    stall(held = "both") {
      stalled = held;
      for (const lane of lanes) lane.hold(held === "both" || lane.carries === "answers");
    },
    resume() {
      stalled = "none";
      for (const lane of lanes) lane.hold(false);
    },
    close() {
      plugged = false;
      breakAll();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

/** One direction of one connection. */
class Lane {
  readonly carries: "requests" | "answers";
  /** Resolves when nothing will come out any more. */
  readonly ended: Promise<void>;
  readonly #from: Socket;
  readonly #to: Socket;
  #held: Buffer[] = [];
  #heldBytes = 0;
  #holding: boolean;
  #finished = false;

  constructor(carries: "requests" | "answers", from: Socket, to: Socket, holding: boolean) {
    this.carries = carries;
    this.#from = from;
    this.#to = to;
    this.#holding = holding;
    this.ended = new Promise((resolve) => to.once("close", () => resolve()));
    from.setNoDelay(true);
    from.on("data", (chunk) => this.#take(chunk));
    from.on("end", () => this.finish());
    from.on("close", () => this.finish());
    to.on("drain", () => this.#keepReading());
  }

  hold(holding: boolean): void {
    this.#holding = holding;
    if (holding) return;
    for (const chunk of this.#held) this.#to.write(chunk);
    this.#held = [];
    this.#heldBytes = 0;
    this.#keepReading();
    if (this.#finished) this.#to.end();
  }

  /** The sender has nothing more to say; what is held still goes out. */
  finish(): void {
    if (this.#finished) return;
    this.#finished = true;
    if (!this.#holding) this.#to.end();
  }

  break(): void {
    this.#held = [];
    this.#from.resetAndDestroy();
    this.#to.resetAndDestroy();
  }

  #take(chunk: Buffer): void {
    if (this.#holding) {
      this.#held.push(chunk);
      this.#heldBytes += chunk.length;
      if (this.#heldBytes > maxHeldBytes) this.#from.pause();
    } else if (!this.#to.write(chunk)) {
      this.#from.pause();
    }
  }

  #keepReading(): void {
    if (!this.#holding && !this.#from.destroyed) this.#from.resume();
  }
}
