/** What the peers have in common: each is a way from devices to a stream of a hub. */
import type { OwnNatsServer } from "../../../src/nats-server/own-nats-server.ts";
import type { WholeStreamMessage } from "../../../src/stream/read-whole-stream.ts";
import type { Workshop } from "../workshop.ts";

/** The programs on one box, as somebody who wants to lose nothing would set them up. */
export interface EdgeBox {
  /** Where devices publish; the same after each start. */
  readonly mqttUrl: string;
  /** Of all its programs as they run now; the hub is none of them. */
  readonly pids: readonly number[];
  /** Resolves when devices may connect and what they send would reach the hub. */
  start(): Promise<void>;
  /** SIGKILL for all of them at once; resolves when they are gone. */
  kill(): Promise<void>;
}

/** A number of a device's, found in what the hub stores. */
export interface StoredNumber {
  readonly device: string;
  readonly n: number;
}

export interface Peer {
  readonly name: string;
  /** The program that this machine lacks; undefined where all are here. */
  readonly missing: string | undefined;
  /** The stream at the hub, and the subjects of what devices said in it. */
  readonly stream: string;
  readonly subjects: string;
  /** More lines for the configuration of the hub. */
  readonly hubConfiguration?: string;
  /** Written down and not yet started; the hub runs. */
  open(workshop: Workshop, hub: OwnNatsServer): Promise<EdgeBox>;
  /** Undefined for what no device of a load said. */
  read(message: WholeStreamMessage): StoredNumber | undefined;
}
