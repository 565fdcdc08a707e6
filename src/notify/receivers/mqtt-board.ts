/**
 * Alerts at a broker. An alert that fires is kept there; one that ended is kept as long as somebody has
 * to acknowledge it, and is taken away then.
 */
import type { AlertTransition } from "../../core/alert.ts";
import { BoundedMap } from "../../core/bounded-map.ts";
import { type Clock, sleep } from "../../core/clock.ts";
import type { TopicTemplate } from "../../core/filled-topic.ts";
import type { OperatorAction } from "../../core/operator-action.ts";
import type { AlertsTold, Delivery, Notice } from "../receiver.ts";
import type { MqttPublisher } from "./mqtt-publisher.ts";
import { topicOf } from "./mqtt-topic.ts";

const mostTopicBytes = 65_535;
/** Episodes of which is remembered that somebody acknowledged them. */
const mostAcknowledged = 10_000;
const againMs = 1_000;

export class MqttBoard {
  readonly #topic: TopicTemplate;
  readonly #publisher: MqttPublisher;
  readonly #acknowledged = new BoundedMap<string, true>(mostAcknowledged);

  constructor(topic: TopicTemplate, publisher: MqttPublisher) {
    this.#topic = topic;
    this.#publisher = publisher;
  }

  async show(notice: Notice, signal: AbortSignal): Promise<Delivery> {
    const [{ changes, transition }] = notice.alerts;
    const topic = topicOf(this.#topic, transition);
    if (Buffer.byteLength(topic) > mostTopicBytes)
      return { kind: "refused", reason: `the topic has more than ${mostTopicBytes} bytes` };
    const { cause, sentAt } = notice;
    const shown = JSON.stringify({ ...transition, cause, changes, sent_at: sentAt });
    const delivery = await this.#publisher.publish(topic, shown, signal);
    if (delivery.kind !== "delivered" || transition.state === "firing") return delivery;
    return this.#isNeeded(transition) ? delivery : this.#publisher.publish(topic, "", signal);
  }

  /** Takes away what ended before it was acknowledged, also while nobody was here. */
  async attend(alerts: AlertsTold, signal: AbortSignal, clock: Clock): Promise<void> {
    const actions = alerts.actions(signal);
    while (!signal.aborted) {
      const batch = await actions.next();
      if (batch === undefined) return;
      for (const action of batch)
        while (!signal.aborted && !(await this.#follow(action, alerts, signal)))
          await sleep(clock, againMs, signal);
    }
  }

  /** False where it has to be followed again. */
  async #follow(action: OperatorAction, alerts: AlertsTold, signal: AbortSignal): Promise<boolean> {
    const { episode, instance, site, verb } = action;
    if (verb !== "ack" || episode === undefined) return true;
    this.#acknowledged.set(episode, true);
    try {
      const head = await alerts.head({ instance, labels: { site } });
      if (head?.state !== "ended" || head.episode !== episode) return true;
      const topic = topicOf(this.#topic, head);
      return (await this.#publisher.publish(topic, "", signal)).kind === "delivered";
    } catch {
      return false;
    }
  }

  #isNeeded({ episode, handling, severity }: AlertTransition): boolean {
    const wanted = handling?.ack_required ?? severity === "critical";
    return wanted && this.#acknowledged.get(episode) === undefined;
  }
}
