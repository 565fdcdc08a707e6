import mqttPacket from "mqtt-packet";
import { describe, expect, it } from "vitest";
import { toSeq } from "../../../src/core/ids.ts";
import { InFlight } from "../../../src/sources/in-flight.ts";
import { Lane } from "../../../src/sources/lane.ts";
import { Answers, type Unanswered } from "../../../src/sources/mqtt-broker/answers.ts";
import type { InboundPacket } from "../../../src/sources/mqtt-broker/inbound-packet.ts";

/** A connection that counts its writes, and a log that commits when it is told to. */
function connection(writable = true) {
  const log = { durableSeq: toSeq(0), listener: () => {} };
  const inFlight = new InFlight(2 ** 20, {
    get durableSeq() {
      return log.durableSeq;
    },
    onDurable(listener) {
      log.listener = listener;
      return () => {};
    },
  });
  const writes: Buffer[] = [];
  const delivered: InboundPacket[] = [];
  const answers = new Answers({
    socket: { writable, write: (bytes) => writes.push(Buffer.from(bytes)) > 0 },
    deliver: (packet) => delivered.push(packet),
    left() {},
    resume() {},
  });
  const commit = (seq: number): void => {
    log.durableSeq = toSeq(seq);
    log.listener();
  };
  return { commit, delivered, lane: new Lane<Unanswered>(inFlight, answers), writes };
}

function packet(messageId: number): InboundPacket {
  return { topic: "t", payload: Buffer.from("x"), qos: 1, retain: false, messageId };
}

/** The packets among some bytes. */
function parsed(bytes: Buffer): string[] {
  const packets: string[] = [];
  const parser = mqttPacket.parser();
  parser.on("packet", ({ cmd, messageId }) => packets.push(`${cmd} ${messageId}`));
  parser.parse(bytes);
  return packets;
}

describe("the answers to a client", () => {
  it("are one write for the PUBACKs of one commit, in order", () => {
    const { commit, delivered, lane, writes } = connection();
    const ids = [1, 255, 256, 65_535, 7];
    for (const [at, id] of ids.entries()) lane.add(packet(id), 2, toSeq(at + 1));
    commit(2);
    expect(writes.map(parsed)).toEqual([["puback 1", "puback 255"]]);
    commit(5);
    expect(writes.slice(1).map(parsed)).toEqual([["puback 256", "puback 65535", "puback 7"]]);
    expect(delivered.map(({ messageId }) => messageId)).toEqual(ids);
  });

  it("let the package go on with its part in its turn, and write nothing for QoS 0", () => {
    const { commit, lane, writes } = connection();
    const released: string[] = [];
    lane.add(undefined, 2, toSeq(1));
    lane.add(() => released.push("QoS 2"), 2, toSeq(2));
    commit(1);
    expect(released).toEqual([]);
    commit(2);
    expect([released, writes]).toEqual([["QoS 2"], []]);
  });

  it("go nowhere when the client is gone, but its messages go on to subscribers", () => {
    const { commit, delivered, lane, writes } = connection(false);
    lane.add(packet(1), 2, toSeq(1));
    commit(1);
    expect([delivered.length, writes]).toEqual([1, []]);
  });
});
