/** Alerts and what people do about them, joined by hand for those who act from a command line. */

import { randomUUID } from "node:crypto";
import { AlertBoard } from "../alerts/alert-board.ts";
import { refusalOf } from "../alerts/judge-action.ts";
import { makeAction, type Order } from "../alerts/make-action.ts";
import type { SitePlace } from "../config/site/read-site-place.ts";
import type { AlertTransition } from "../core/alert.ts";
import { siteOfAlert } from "../core/alert.ts";
import { sleep } from "../core/clock.ts";
import { type StreamSeq, toStreamSeq } from "../core/ids.ts";
import { alertSubject, operatorSubject } from "../core/subject.ts";
import type { StoredTransition } from "../stream/alert-log.ts";
import type { Backbone } from "../stream/backbone.ts";
import { connectInTime } from "../stream/connect-in-time.ts";
import { formerAlertSubject } from "../stream/former-alert-subject.ts";
import {
  appendAction,
  lastActionSeq,
  readActions,
  type StoredAction,
} from "../stream/operator-log.ts";
import type { BackboneOptions } from "../stream/options.ts";
import { readAlerts, readNextTransition, readTransitions } from "../stream/read-alerts.ts";
import { noServerAdvice } from "./no-server-advice.ts";
import { openBackboneFor } from "./open-backbone-for.ts";
import { siteBackboneOptions } from "./site-backbone.ts";
import { systemClock } from "./system-clock.ts";

const connectMs = 5_000;
const lookAgainMs = 200;
/** Also what ended long ago can be shelved. */
const maxDone = 1_000_000;
/** So often somebody else may be faster. */
const mostTries = 5;

/** What the stream of alerts holds now. */
export interface AlertsNow {
  readonly board: AlertBoard;
  /** The last transition of every alert that there ever was, as far as the stream goes back. */
  readonly heads: ReadonlyMap<string, AlertTransition>;
  /** Where the last action on each alert stands. */
  readonly acted: ReadonlyMap<string, StreamSeq>;
  /** The message behind which everything is news. */
  readonly lastSeq: StreamSeq;
}

/** What became of it: stored, or why it was not. */
export type Done = { readonly stored: StoredAction } | { readonly refused: string };

export class AlertDesk {
  readonly backbone: Backbone;
  readonly backboneOptions: BackboneOptions;
  readonly #servers: readonly string[];
  readonly #maxShelveMs: number;

  constructor({ config, folder }: SitePlace, servers: readonly string[]) {
    this.backboneOptions = siteBackboneOptions({ site: { config, folder }, servers });
    this.#servers = servers;
    this.#maxShelveMs = config.alerts.max_shelve;
    this.backbone = openBackboneFor(this.backboneOptions, "sluicegate-alerts");
  }

  close(): Promise<void> {
    return this.backbone.close();
  }

  /** Reads the stream; `onTransition` is given each transition that is news. */
  async read(onTransition: (transition: AlertTransition) => void = () => {}): Promise<AlertsNow> {
    const connection = await this.#connected();
    const board = new AlertBoard({ maxShelveMs: this.#maxShelveMs, maxDone });
    const heads = new Map<string, AlertTransition>();
    const acted = new Map<string, StreamSeq>();
    let lastSeq = 0;
    await readAlerts(connection, this.backboneOptions, (read) => {
      const { streamSeq, transition } = read;
      lastSeq = Math.max(lastSeq, streamSeq);
      if (!board.take(read)) return;
      heads.set(transition.instance, transition);
      onTransition(transition);
    });
    await readActions(connection, (stored) => {
      lastSeq = Math.max(lastSeq, stored.streamSeq);
      acted.set(stored.action.instance, stored.streamSeq);
      board.act(stored);
    });
    return { board, heads, acted, lastSeq: toStreamSeq(lastSeq) };
  }

  /** Everything that the stream has of one alert: its transitions, and what people did. */
  async story(alert: AlertTransition): Promise<{
    readonly transitions: readonly StoredTransition[];
    readonly actions: readonly StoredAction[];
  }> {
    const connection = await this.#connected();
    const transitions: StoredTransition[] = [];
    const actions: StoredAction[] = [];
    const site = siteOfAlert(alert);
    const { instance } = alert;
    for (const subject of [formerAlertSubject(instance), alertSubject(site, instance)])
      await readTransitions(connection, subject, (read) => transitions.push(read));
    await readActions(
      connection,
      (stored) => actions.push(stored),
      operatorSubject(site, instance),
    );
    return { transitions, actions };
  }

  /**
   * Does what is wanted to an alert, unless there is a reason not to. `now` is how it was seen: where
   * somebody else acted since, it is looked at again.
   */
  async act(alert: AlertTransition, order: Order, now: AlertsNow): Promise<Done> {
    const { instance } = alert;
    const id = randomUUID();
    let seen = now;
    let after: number = now.acted.get(instance) ?? 0;
    for (let attempt = 1; attempt <= mostTries; attempt += 1) {
      const nowMs = systemClock.wallMs();
      const view = seen.board.view(instance, nowMs);
      if (view === undefined) return { refused: "it is gone" };
      const refused = refusalOf(view, order, this.#maxShelveMs);
      if (refused !== undefined) return { refused };
      const connection = await this.#connected();
      const action = makeAction(id, view, order, nowMs);
      const appended = await appendAction(connection, action, after);
      if (appended.outcome !== "overtaken")
        return { stored: { action, streamSeq: appended.streamSeq, storedMs: nowMs } };
      after = await lastActionSeq(connection, siteOfAlert(alert), instance);
      seen = await this.read();
    }
    return { refused: "others act on it at the same moment; look at it and try again" };
  }

  /** Waits until an episode has ended behind `from`; false where it has not when time is over. */
  async waitForEnd({ action, streamSeq }: StoredAction, timeoutMs: number): Promise<boolean> {
    const late = AbortSignal.timeout(timeoutMs);
    let from = toStreamSeq(streamSeq + 1);
    while (!late.aborted) {
      const connection = await this.#connected();
      const next = await readNextTransition(connection, action.instance, action.site, from);
      if (next?.transition.state === "ended") return true;
      if (next) from = toStreamSeq(next.streamSeq + 1);
      else await sleep(systemClock, lookAgainMs, late);
    }
    return false;
  }

  #connected(): ReturnType<Backbone["connected"]> {
    return connectInTime(this.backbone, {
      servers: this.#servers,
      timeoutMs: connectMs,
      advice: noServerAdvice,
    });
  }
}
