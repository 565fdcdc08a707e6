/** What is to be known of a connection whose client speaks MQTT 5. */
import type { ConnectRefusal } from "./gatekeeper.ts";
import type { InboundPacket } from "./inbound-packet.ts";
import { connectReasons, type MessageRefusal, messageReasons, type Reason } from "./reasons.ts";
import { ReceiveWindow } from "./receive-window.ts";
import { mostInFlight, type Terms } from "./terms.ts";
import { mostAliases, TopicAliases } from "./topic-aliases.ts";
import { answer, answerTo, connack, disconnect } from "./v5/answers.ts";
import type { ConnectRequest } from "./v5/connect.ts";
import { reasonCode } from "./v5/reason-codes.ts";

/** What the broker takes from a client, and tells it. */
export interface BrokerLimits {
  readonly receiveMaximum: number;
  readonly maxPacketBytes: number;
}

export class Version5 {
  readonly request: ConnectRequest;
  readonly terms: Terms;
  readonly aliases = new TopicAliases();
  readonly window: ReceiveWindow;
  readonly #limits: BrokerLimits;
  /** Set when the client is not let in. */
  refusal: ConnectRefusal | undefined;

  constructor(request: ConnectRequest, limits: BrokerLimits) {
    this.request = request;
    this.#limits = limits;
    this.window = new ReceiveWindow(limits.receiveMaximum);
    this.terms = {
      version: 5,
      maxInFlight: Math.min(request.receiveMaximum, mostInFlight),
      maxPacketBytes: request.maxPacketBytes,
    };
  }

  /** Lets the client in; `assigned` is its identifier when it had none. */
  welcome(sessionPresent: boolean, assigned: string | undefined): Buffer {
    return connack({
      sessionPresent,
      code: reasonCode.success,
      text: undefined,
      terms: {
        ...this.#limits,
        sessionSeconds: this.request.sessionSeconds,
        topicAliasMaximum: mostAliases,
        assignedClient: assigned,
      },
    });
  }

  /** Why the client is not let in. */
  refuse(): Buffer {
    const reason = this.refusal === undefined ? unavailable : connectReasons[this.refusal];
    return this.sayNo(reason);
  }

  sayNo({ code, text }: Reason): Buffer {
    return this.#fitting((words) => connack({ sessionPresent: false, code, text: words }), text);
  }

  goodbye({ code, text }: Reason): Buffer {
    return this.#fitting((words) => disconnect(code, words), text);
  }

  /** The answer to a message that is not taken; its client goes on. */
  answerNo({ messageId = 0, qos }: InboundPacket, refusal: MessageRefusal): Buffer {
    const { code, text } = messageReasons[refusal];
    const type = qos === 2 ? answerTo.pubrec : answerTo.puback;
    const words = this.request.wantsReasons ? text : undefined;
    return this.#fitting((told) => answer(type, messageId, code, told), words);
  }

  /** Without words where they would make the packet larger than the client takes. */
  #fitting(packet: (text: string | undefined) => Buffer, text: string | undefined): Buffer {
    const bytes = packet(text);
    return bytes.length > this.terms.maxPacketBytes ? packet(undefined) : bytes;
  }
}

const unavailable: Reason = {
  code: reasonCode.unspecifiedError,
  text: "the broker does not take the client on",
};
