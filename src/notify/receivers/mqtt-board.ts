/**
 * Alerts at a broker. An alert that fires is kept there; one that ended is kept as long as somebody has
 * to acknowledge it, and is taken away then. One whose topic is another now, since it is more severe or
 * a label was edited, is taken away from the one before.
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
  /** By instance: where an alert is shown that fires. */
  readonly #topics = new Map<string, string>();
  #seeded: Promise<void> = Promise.resolve();

  constructor(topic: TopicTemplate, publisher: MqttPublisher) {
    this.#topic = topic;
    this.#publisher = publisher;
  }

  async show(notice: Notice, signal: AbortSignal): Promise<Delivery> {
    const [{ changes, transition }] = notice.alerts;
    const topic = topicOf(this.#topic, transition);
    if (Buffer.byteLength(topic) > mostTopicBytes)
      return { kind: "refused", reason: `the topic has more than ${mostTopicBytes} bytes` };
    await this.#seeded;
    const { cause, sentAt } = notice;
    const shown = JSON.stringify({ ...transition, cause, changes, sent_at: sentAt });
    const delivery = await this.#publisher.publish(topic, shown, signal);
    if (delivery.kind !== "delivered") return delivery;
    const { instance, state } = transition;
    const before = this.#topics.get(instance) ?? topic;
    const left = before === topic ? delivery : await this.#publisher.publish(before, "", signal);
    if (left.kind !== "delivered") return left;
    if (state === "firing") this.#topics.set(instance, topic);
    else this.#topics.delete(instance);
    return state === "firing" || this.#isNeeded(transition)
      ? delivery
      : this.#publisher.publish(topic, "", signal);
  }

  /** Takes away what ended before it was acknowledged, also while nobody was here. */
  async attend(alerts: AlertsTold, signal: AbortSignal, clock: Clock): Promise<void> {
    this.#seeded = this.#seed(alerts, signal, clock);
    const actions = alerts.actions(signal);
    while (!signal.aborted) {
      const batch = await actions.next();
      if (batch === undefined) return;
      for (const action of batch)
        while (!signal.aborted && !(await this.#follow(action, alerts, signal)))
          await sleep(clock, againMs, signal);
    }
  }

  /** Where alerts are shown since before this process came. */
  async #seed(alerts: AlertsTold, signal: AbortSignal, clock: Clock): Promise<void> {
    this.#topics.clear();
    while (!signal.aborted) {
      try {
        for (const transition of await alerts.firing())
          this.#topics.set(transition.instance, topicOf(this.#topic, transition));
        return;
      } catch {
        await sleep(clock, againMs, signal);
      }
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
