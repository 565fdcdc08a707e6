/**
 * What fires at Alertmanager, and what is said of it again.
 *
 * Invariants
 * - An episode that was said to have ended is never said to fire again: to Alertmanager that would be
 *   a new alert, and people would be told of it.
 * - An episode fires there under one severity and one set of labels; with a change the old alert ends and
 *   a new one begins, in one post.
 */
import type { AlertTransition } from "../../core/alert.ts";
import { type Clock, sleep } from "../../core/clock.ts";
import type { AlertsTold, Delivery } from "../receiver.ts";
import {
  collisionOf,
  endedAlert,
  firingAlert,
  isSameAlert,
  type PostedAlert,
} from "./alertmanager-alert.ts";
import type { AlertmanagerCluster } from "./alertmanager-cluster.ts";

/** An alert is good for so many rounds. */
const roundsUntilEnded = 4;
/** Alerts in one post. */
const mostInOnePost = 500;
const seedAgainMs = 1_000;

export class AlertmanagerFiring {
  readonly #resendEveryMs: number;
  readonly #cluster: AlertmanagerCluster;
  readonly #clock: Clock;
  /** By instance: what Alertmanager was told last of an open episode. */
  readonly #firing = new Map<string, AlertTransition>();
  #alerts: AlertsTold | undefined;
  #seeded: Promise<void> = Promise.resolve();
  /** The round that is being posted. */
  #round: Promise<unknown> = Promise.resolve();

  constructor(resendEveryMs: number, cluster: AlertmanagerCluster, clock: Clock) {
    this.#resendEveryMs = resendEveryMs;
    this.#cluster = cluster;
    this.#clock = clock;
  }

  async attend(alerts: AlertsTold, signal: AbortSignal): Promise<void> {
    this.#alerts = alerts;
    this.#firing.clear();
    this.#seeded = this.#seed(alerts, signal);
    await this.#seeded;
    while (!signal.aborted) {
      this.#round = this.#sayAgain(signal);
      await this.#round;
      await sleep(this.#clock, this.#resendEveryMs, signal);
    }
    this.#alerts = undefined;
  }

  async tell(transition: AlertTransition, signal: AbortSignal): Promise<Delivery> {
    await this.#seeded;
    const collision = collisionOf(transition);
    if (collision !== undefined) return { kind: "refused", reason: collision };
    const known = this.#knownOf(transition);
    if (await this.#isOverAlready(transition, known)) return { kind: "delivered" };
    return transition.state === "firing"
      ? this.#tellFiring(transition, known, signal)
      : this.#tellEnd(transition, known, signal);
  }

  /** What it was told of the same episode. */
  #knownOf({ episode, instance }: AlertTransition): AlertTransition | undefined {
    const known = this.#firing.get(instance);
    return known?.episode === episode ? known : undefined;
  }

  /** Nobody is woken by Alertmanager for an episode that was over before we learned of it. */
  async #isOverAlready(
    transition: AlertTransition,
    known: AlertTransition | undefined,
  ): Promise<boolean> {
    if (!transition.late || known !== undefined || this.#alerts === undefined) return false;
    if (transition.state === "ended") return true;
    const head = await this.#alerts.head(transition).catch(() => undefined);
    if (head === undefined) return false;
    return head.episode !== transition.episode || head.state === "ended";
  }

  async #tellFiring(
    transition: AlertTransition,
    known: AlertTransition | undefined,
    signal: AbortSignal,
  ): Promise<Delivery> {
    const posted: PostedAlert[] = [];
    if (known !== undefined && !isSameAlert(known, transition)) {
      // What is said again right now would begin the old one anew.
      this.#firing.delete(transition.instance);
      await this.#round;
      const { at } = transition;
      posted.push(endedAlert({ ...known, at, ended_at: at }));
    }
    posted.push(firingAlert(transition, this.#untilMs()));
    const delivery = await this.#cluster.tell(posted, signal);
    if (delivery.kind === "delivered") this.#firing.set(transition.instance, transition);
    else if (known !== undefined) this.#firing.set(transition.instance, known);
    return delivery;
  }

  async #tellEnd(
    transition: AlertTransition,
    known: AlertTransition | undefined,
    signal: AbortSignal,
  ): Promise<Delivery> {
    this.#firing.delete(transition.instance);
    await this.#round;
    const { labels, severity } = known ?? transition;
    return this.#cluster.tell([endedAlert({ ...transition, labels, severity })], signal);
  }

  /** Without a backbone again, until it answers or it is somebody else's turn. */
  async #seed(alerts: AlertsTold, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        for (const transition of await alerts.firing())
          this.#firing.set(transition.instance, transition);
        return;
      } catch {
        await sleep(this.#clock, seedAgainMs, signal);
      }
    }
  }

  /** Whoever does not take it is told in the next round. */
  async #sayAgain(signal: AbortSignal): Promise<void> {
    const all = [...this.#firing.values()].filter((one) => collisionOf(one) === undefined);
    for (let at = 0; at < all.length && !signal.aborted; at += mostInOnePost) {
      const some = all.slice(at, at + mostInOnePost).filter(({ episode, instance }) => {
        return this.#firing.get(instance)?.episode === episode;
      });
      const untilMs = this.#untilMs();
      await this.#cluster.tell(
        some.map((transition) => firingAlert(transition, untilMs)),
        signal,
      );
    }
  }

  #untilMs(): number {
    return this.#clock.wallMs() + roundsUntilEnded * this.#resendEveryMs;
  }
}
