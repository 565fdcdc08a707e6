/** What `top` knows: the last answers of the running roles, and how old they are. */
import type { Clock, EpochMs } from "../core/clock.ts";
import { sleep } from "../core/clock.ts";
import { isObject } from "../core/is-object.ts";
import { systemReason } from "../core/system-reason.ts";
import type { GatewayStatus } from "../gateway/gateway-status.ts";
import { gatewayStatusOf } from "../gateway/read-gateway-status.ts";
import type { RolesStatus } from "./status-text.ts";

export interface TopSources {
  /** What all roles say that answer; throws where none does. */
  readonly status: (signal?: AbortSignal) => Promise<RolesStatus>;
  /** What the gateway answers to the question `devices`. */
  readonly devices: (
    asked: Readonly<Record<string, string>>,
    signal?: AbortSignal,
  ) => Promise<unknown>;
  readonly clock: Clock;
}

/** Answers at one moment. */
export interface Glance {
  readonly nowMs: EpochMs;
  readonly roles: RolesStatus;
  /** The last that the gateway said of itself; undefined where none ever answered. */
  readonly gateway: GatewayStatus | undefined;
  /** When it was said, where that is too long ago; and why nothing was said since. */
  readonly stale: { readonly sinceMs: EpochMs; readonly reason: string } | undefined;
  /** `{devices, total, more}`, as the gateway answered last. */
  readonly devices: Readonly<Record<string, unknown>> | undefined;
}

const everyMs = 1_000;
/** Answers that are older are said to be old. */
const freshMs = 3_000;
/** Asking for devices takes the gateway at most this share of its time. */
const shareOfTime = 20;

export class TopWatch {
  readonly #sources: TopSources;
  #asked: Readonly<Record<string, string>> = {};
  #hurry = new AbortController();
  #roles: RolesStatus = {};
  #gateway: GatewayStatus | undefined;
  #saidMs: EpochMs = 0;
  #reason = "";
  #devices: Readonly<Record<string, unknown>> | undefined;

  constructor(sources: TopSources) {
    this.#sources = sources;
  }

  /** Asks how all is; throws where nobody answers. */
  async look(signal?: AbortSignal): Promise<void> {
    const { clock, status } = this.#sources;
    const roles = await status(signal);
    const gateway = gatewayStatusOf(roles);
    this.#roles = roles;
    // A process of the hub may answer where that of the gateway is gone.
    if (gateway === undefined && this.#gateway !== undefined)
      throw new Error("the gateway does not answer");
    this.#reason = "";
    this.#gateway = gateway;
    this.#saidMs = clock.wallMs();
  }

  async lookAtDevices(signal?: AbortSignal): Promise<void> {
    if (this.#gateway === undefined) return;
    const answer = await this.#sources.devices(this.#asked, signal);
    this.#devices = isObject(answer) ? answer : undefined;
  }

  /** Which devices, and in which order: those are asked for at once. */
  want(asked: Readonly<Record<string, string>>): void {
    this.#asked = asked;
    this.#hurry.abort();
  }

  /** Looks again and again until the signal; `onNews` is called after each look, also at nothing. */
  async watch(signal: AbortSignal, onNews: () => void): Promise<void> {
    await Promise.all([this.#watchStatus(signal, onNews), this.#watchDevices(signal, onNews)]);
  }

  get glance(): Glance {
    const nowMs = this.#sources.clock.wallMs();
    const isStale = this.#reason !== "" || nowMs - this.#saidMs > freshMs;
    return {
      nowMs,
      roles: this.#roles,
      gateway: this.#gateway,
      stale: isStale
        ? { sinceMs: this.#saidMs, reason: this.#reason || "it does not answer" }
        : undefined,
      devices: this.#devices,
    };
  }

  async #watchStatus(signal: AbortSignal, onNews: () => void): Promise<void> {
    const { clock } = this.#sources;
    while (!signal.aborted) {
      const startedMs = clock.monotonicMs();
      await this.look(signal).catch((thrown) => {
        this.#reason = thrown instanceof Error ? thrown.message : systemReason(thrown);
      });
      onNews();
      await sleep(clock, Math.max(0, everyMs - (clock.monotonicMs() - startedMs)), signal);
    }
  }

  async #watchDevices(signal: AbortSignal, onNews: () => void): Promise<void> {
    const { clock } = this.#sources;
    while (!signal.aborted) {
      const startedMs = clock.monotonicMs();
      this.#hurry = new AbortController();
      // Where it fails, the status fails, too, and says so.
      await this.lookAtDevices(signal).catch(() => {});
      onNews();
      const tookMs = clock.monotonicMs() - startedMs;
      const either = AbortSignal.any([signal, this.#hurry.signal]);
      await sleep(clock, Math.max(everyMs, tookMs * shareOfTime), either);
    }
  }
}
