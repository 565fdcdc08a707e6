/** Handles what clients of version 5 send behind their CONNECT, from whole packets that were checked. */
import type { Connection } from "./connection.ts";
import { disconnectType, dupFlag, publishType } from "./frame-check.ts";
import { frameFacts } from "./frame-facts.ts";
import { lengthBefore, lengthEnd } from "./frame-length.ts";
import type { Ingest } from "./ingest.ts";
import type { Subscribers } from "./subscribers.ts";
import { answer, answerTo } from "./v5/answers.ts";
import {
  pubackType,
  pubcompType,
  pubrecType,
  pubrelType,
  subscribeType,
  unsubscribeType,
} from "./v5/check-frame.ts";
import {
  readDisconnect5,
  readPublish5,
  readSubscribe5,
  readUnsubscribe5,
  reasonOfAnswer,
} from "./v5/client-packets.ts";
import { toSessionSeconds } from "./v5/connect.ts";
import { reasonCode } from "./v5/reason-codes.ts";
import type { Version5 } from "./version5.ts";
import { numberAt } from "./wire-fields.ts";

/** A DISCONNECT of MQTT 3.1.1. */
const plainDisconnect = Buffer.of(0xe0, 0);

export interface Version5DeskDeps {
  readonly ingest: Ingest;
  readonly subscribers: Subscribers;
  readonly isStopping: () => boolean;
}

/** Where a packet stands. */
interface Place {
  readonly first: number;
  readonly bytes: Buffer;
  readonly at: number;
  readonly end: number;
}

export class Version5Desk {
  readonly #deps: Version5DeskDeps;

  constructor(deps: Version5DeskDeps) {
    this.#deps = deps;
  }

  /**
   * Handles packets in their order; `toPackage` takes a packet of MQTT 3.1.1. False for a client of
   * another version, and for a CONNECT, which is one of 3.1.1 by now.
   */
  read(connection: Connection, bytes: Buffer, toPackage: (bytes: Buffer) => void): boolean {
    const { isIn, version5 } = connection;
    if (version5 === undefined || !isIn) return false;
    for (let at = 0; at < bytes.length && !connection.gone; ) {
      const bodyAt = lengthEnd(bytes, at + 1);
      if (bodyAt < 0) break;
      const end = bodyAt + lengthBefore(bytes, at + 1, bodyAt);
      const place = { first: bytes[at] ?? 0, bytes, at: bodyAt, end };
      this.#handle(connection, version5, place, toPackage);
      at = end;
    }
    connection.readOn();
    return true;
  }

  #handle(
    connection: Connection,
    version5: Version5,
    place: Place,
    toPackage: (bytes: Buffer) => void,
  ): void {
    const { bytes, at, end } = place;
    const type = place.first >> 4;
    const messageId = numberAt(bytes, at);
    switch (type) {
      case publishType:
        if (!this.#deps.isStopping()) this.#publish(connection, version5, place);
        break;
      case pubrelType:
        release(connection, version5, messageId);
        break;
      case subscribeType: {
        const subscribe = readSubscribe5(bytes, at, end);
        this.#deps.subscribers.handle(connection, { cmd: "subscribe", messageId, ...subscribe });
        break;
      }
      case unsubscribeType: {
        const unsubscriptions = readUnsubscribe5(bytes, at, end);
        this.#deps.subscribers.handle(connection, {
          cmd: "unsubscribe",
          messageId,
          unsubscriptions,
        });
        break;
      }
      case pubackType:
      case pubrecType:
      case pubcompType: {
        const cmd = type === pubackType ? "puback" : type === pubrecType ? "pubrec" : "pubcomp";
        const code = reasonOfAnswer(bytes, at, end);
        this.#deps.subscribers.handle(connection, { cmd, messageId, code });
        break;
      }
      case disconnectType:
        this.#disconnect(connection, version5, place, toPackage);
    }
  }

  #publish(connection: Connection, version5: Version5, { first, bytes, at, end }: Place): void {
    const qos = (first & 4) !== 0 ? 2 : (first & 2) !== 0 ? 1 : 0;
    const { packetId, payload, properties, topic: named } = readPublish5(bytes, at, end, qos);
    const topic = version5.aliases.resolve(named, properties?.alias);
    if (topic === undefined) {
      connection.refuse("bad-alias", frameFacts(first, bytes, at, end, end - at));
      return;
    }
    if (qos !== 0 && !version5.window.open(qos, packetId)) {
      const facts = frameFacts(first, bytes, at, end, end - at);
      connection.refuse("receive-maximum", { ...facts, topic });
      return;
    }
    const retain = (first & 1) !== 0;
    const messageId = qos === 0 ? undefined : packetId;
    this.#deps.ingest.publish(connection, {
      topic,
      payload,
      qos,
      retain,
      isAgain: (first & dupFlag) !== 0,
      messageId,
      properties5: properties,
    });
  }

  /** A client that leaves with another reason than 0 wants its will published (§3.14.4). */
  #disconnect(
    connection: Connection,
    { request }: Version5,
    { first, bytes, at, end }: Place,
    toPackage: (bytes: Buffer) => void,
  ): void {
    const { code, sessionExpiry } = readDisconnect5(bytes, at, end);
    const { sessions } = this.#deps.subscribers;
    const session = sessions.heldBy(connection.client, connection);
    if (sessionExpiry !== undefined && session !== undefined) {
      if (request.sessionSeconds === 0 && sessionExpiry > 0) {
        connection.keepWill();
        connection.refuse("session-expiry", frameFacts(first, bytes, at, end, end - at));
        return;
      }
      sessions.keepFor(session, toSessionSeconds(sessionExpiry));
    }
    if (code === reasonCode.success) toPackage(plainDisconnect);
    else {
      connection.keepWill();
      connection.socket.destroy();
    }
  }
}

/** The client releases a message of QoS 2. */
function release(connection: Connection, { window }: Version5, packetId: number): void {
  const ends = connection.release(packetId);
  const answerWith = (code: 0 | typeof reasonCode.packetIdentifierNotFound): void => {
    window.close(2, packetId);
    connection.write(answer(answerTo.pubcomp, packetId, code));
  };
  if (ends === undefined) answerWith(reasonCode.packetIdentifierNotFound);
  else {
    // A release that could not be remembered is answered all the same: at worst it comes again.
    void ends().then(
      () => answerWith(reasonCode.success),
      () => answerWith(reasonCode.success),
    );
  }
}
