import {
  addTo,
  type DeliverySession,
  findIn,
  mostPerSession,
  type OpenMessages,
} from "./delivery-session.ts";
import { OpenDelivery } from "./open-delivery.ts";

/** Open messages of all these sessions together. */
const mostInAll = 100_000;

/** Open QoS 2 messages of sessions that end with their connection: there is nobody to come back. */
export class PassingDeliveries {
  #open = 0;

  session(name: string): DeliverySession {
    const messages: OpenMessages = new Map();
    return {
      unanswered: undefined,
      find: (packetId, hash) => findIn(messages, packetId, hash),
      begin: (packetId, hash) => {
        if (!messages.has(packetId)) {
          if (messages.size >= mostPerSession || this.#open >= mostInAll) return undefined;
          this.#open += 1;
        }
        return addTo(messages, new OpenDelivery({ session: name, packetId, hash }, false));
      },
      release: (packetId) => {
        const open = messages.get(packetId);
        if (open === undefined) return undefined;
        return async () => {
          await open.whenAnswered();
          if (messages.get(packetId) === open && messages.delete(packetId)) this.#open -= 1;
        };
      },
      end: () => {
        this.#open -= messages.size;
        messages.clear();
      },
    };
  }
}
