/**
 * What the broker asks at each step of a client, and what it is answered. The names and forms are
 * the broker's own; it waits for the callback, or for what a function returns.
 */
import type { RefusalFacts } from "../../core/refusal.ts";
import { isBridgeNotice } from "./bridge-notice.ts";
import type { Connection } from "./connection.ts";
import type { Deliveries } from "./deliveries.ts";
import { sessionOf } from "./delivery-key.ts";
import type { ConnectRefusal, Gatekeeper } from "./gatekeeper.ts";
import type { InboundPacket } from "./inbound-packet.ts";
import type { Ingest } from "./ingest.ts";
import type { SessionWish } from "./introduction.ts";
import type { Login } from "./login.ts";
import type { Refusals } from "./refusals.ts";
import type { Sessions } from "./sessions.ts";
import type { User } from "./users.ts";
import type { PublishProperties } from "./v5/publish-properties.ts";

/** A client as the broker shows it. */
interface BrokerClient {
  readonly id: string;
  readonly closed: boolean;
}

/** A CONNECT; what is changed in it counts. */
interface ConnectRequest {
  readonly clientId: string;
  readonly clean?: boolean;
  readonly username?: string;
  keepalive?: number;
  readonly will?: { readonly topic: string; properties5?: PublishProperties };
  /** What Mosquitto's bridges say of themselves, by a bit of the protocol level. */
  readonly bridgeMode?: boolean;
}

export interface ClientStepsDeps {
  readonly deliveries: Deliveries;
  readonly gatekeeper: Gatekeeper;
  readonly ingest: Ingest;
  readonly refusals: Refusals;
  /** Undefined: everybody may connect. */
  readonly login: Login | undefined;
  /** Who has a certificate with this common name; undefined where nobody is meant. */
  readonly userOfCertificate: (name: string) => User | undefined;
  readonly sessions: Sessions<Connection>;
  readonly connectionOf: (client: object) => Connection;
  readonly isStopping: () => boolean;
}

/** CONNACK return codes, MQTT 3.1.1 §3.2.2.3. */
const returnCodes: Readonly<Record<ConnectRefusal, number>> = {
  "identifier-rejected": 2,
  "bad-credentials": 4,
  "will-not-allowed": 5,
  "no-room-for-will": 3,
  // It may be right, and is to try again.
  "locked-out": 3,
  "shut-out": 5,
};

/** Which limit it was. */
const limits: Readonly<Record<ConnectRefusal, RefusalFacts>> = {
  "identifier-rejected": { limit: "an identifier, and not one that another user has" },
  "bad-credentials": { limit: "the users file, or the name in the certificate" },
  "will-not-allowed": { limit: "publish of the user" },
  "no-room-for-will": { limit: "in_flight_bytes" },
  "locked-out": { limit: "wrong passwords for this user or from this address" },
  "shut-out": { limit: "shut out for a while after a refused publish" },
};

/** The answers of one broker. */
export function clientSteps(deps: ClientStepsDeps) {
  const { connectionOf, deliveries, gatekeeper, isStopping, login } = deps;
  return {
    preConnect(
      client: object,
      packet: ConnectRequest,
      done: (error: null, allowed: boolean) => void,
    ): void {
      const { clientId, username, will } = packet;
      const connection = connectionOf(client);
      const request = connection.version5?.request;
      if (will !== undefined && request?.will !== undefined) will.properties5 = request.will;
      connection.introduce({
        client: clientId,
        user: username,
        session: wishOf(packet.clean !== false, request?.sessionSeconds),
        keepAliveSeconds: packet.keepalive ?? 0,
        will,
        isBridge: packet.bridgeMode === true || (will !== undefined && isBridgeNotice(will.topic)),
      });
      // Silence is judged by the connection, which knows when it is the gateway that is slow.
      packet.keepalive = 0;
      done(null, true);
    },

    authenticate(
      client: BrokerClient,
      name: string | undefined,
      password: Buffer | undefined,
      done: (
        error: (Error & { readonly returnCode: number }) | null,
        allowed: boolean | null,
      ) => void,
    ): void {
      const connection = connectionOf(client);
      const decide = (user: User | "locked-out" | undefined): void => {
        if (connection.gone || isStopping()) return;
        const refusal =
          user === "locked-out" ? user : gatekeeper.connect(connection, client.id, user);
        if (refusal === undefined) {
          const kept = gatekeeper.isKept(client.id, connection);
          connection.resume(deliveries.session(sessionNameOf(connection), kept));
          done(null, true);
          return;
        }
        connection.refused(refusal);
        const facts = { ...connection.who, packet: "CONNECT", ...limits[refusal] };
        const topic = refusal.includes("will") ? connection.introduction.will?.topic : undefined;
        const atMost = refusal === "no-room-for-will" ? gatekeeper.maxInFlightBytes : undefined;
        deps.refusals.note("client", refusal, { ...facts, topic, atMost });
        done(Object.assign(new Error(refusal), { returnCode: returnCodes[refusal] }), null);
      };
      if (connection.certified !== undefined) decide(deps.userOfCertificate(connection.certified));
      else if (login === undefined) decide(undefined);
      else {
        const { address } = connection;
        void login({ name, password, address }, () => !connection.gone).then(decide);
      }
    },

    authorizePublish(
      client: BrokerClient | null,
      packet: InboundPacket,
      done: (error?: Error | null) => void,
    ): void {
      if (client === null) done(null);
      else if (isStopping()) done(new Error("the gateway is stopping"));
      else {
        const connection = connectionOf(client);
        const isWill = packet === connection.introduction.will;
        const refusal = isWill ? willRefusal(client, connection) : undefined;
        if (refusal !== undefined) done(new Error(refusal));
        else if (isWill) publishWill(deps, connection, packet, done);
        else deps.ingest.takeOnce(connection, packet, done);
      }
    },

    /** Subscriptions are not the package's; what it asks for is a mark that none of them is. */
    authorizeSubscribe(
      _client: object,
      _subscription: object,
      done: (error: null, granted: null) => void,
    ): void {
      done(null, null);
    },
  };
}

/**
 * Why the will of a client is not to be published. The broker takes live clients for dead ones after
 * a long pause of the process; and a DISCONNECT may have been read, but not handed on to it, when
 * the connection broke.
 */
export function willRefusal(
  { closed }: Pick<BrokerClient, "closed">,
  { saidGoodbye }: Pick<Connection, "saidGoodbye">,
): string | undefined {
  if (!closed) return "the client is alive";
  return saidGoodbye ? "the client said goodbye" : undefined;
}

/** Hands a will over: at once, or when the time has come that its client set for it. */
function publishWill(
  { ingest, sessions }: ClientStepsDeps,
  connection: Connection,
  will: InboundPacket,
  done: (error?: Error | null) => void,
): void {
  const take = (): void => ingest.takeWill(connection, will, done);
  const { delaySeconds = 0 } = will.properties5 ?? {};
  if (delaySeconds === 0) take();
  else sessions.publishLater(connection.client, connection, delaySeconds * 1_000, take);
}

/** Under what name the open QoS 2 messages of a client are kept. */
export function sessionNameOf({ client, source, user }: Connection): string {
  return sessionOf(source, user?.name, client);
}

/** `seconds`: how long a client of version 5 wants its session kept. */
function wishOf(cleanStart: boolean, seconds: number | undefined): SessionWish {
  const plain = cleanStart ? 0 : Number.POSITIVE_INFINITY;
  return { cleanStart, keptSeconds: seconds ?? plain };
}
