/**
 * Posts transitions to an address.
 *
 * The `Idempotency-Key` is the transition's id: however often it is sent, it is the same. With a
 * secret, `X-Signature: sha256=<hex>` is the HMAC of the exact bytes of the body.
 */
import { createHmac } from "node:crypto";
import type { AlertTransition } from "../core/alert.ts";
import type { Clock } from "../core/clock.ts";
import { cloudEventType } from "../core/event-kind.ts";
import type { WebhookOptions } from "./options.ts";
import type { Delivery, Receiver } from "./receiver.ts";

export interface WebhookDependencies {
  readonly clock: Clock;
  readonly fetch: typeof fetch;
}

/** `secret` is the key of the signature; without it none is sent. */
export function createWebhookReceiver(
  { format, timeout, url }: WebhookOptions,
  secret: string | undefined,
  { clock, fetch }: WebhookDependencies,
): Receiver {
  return {
    async deliver(transition) {
      const body = JSON.stringify(format === "raw" ? transition : toCloudEvent(transition));
      const expired = new AbortController();
      const timer = clock.setTimer(timeout, () => expired.abort());
      try {
        const response = await fetch(url, {
          method: "POST",
          body,
          headers: {
            "content-type": format === "raw" ? "application/json" : "application/cloudevents+json",
            "idempotency-key": transition.id,
            ...(secret !== undefined && { "x-signature": sign(body, secret) }),
          },
          redirect: "manual",
          signal: expired.signal,
        });
        await response.body?.cancel();
        return judge(response.status);
      } catch (thrown) {
        const reason = expired.signal.aborted ? `no answer in ${timeout} ms` : causeOf(thrown);
        return { kind: "failed", reason };
      } finally {
        timer.cancel();
      }
    },
  };
}

function judge(status: number): Delivery {
  const reason = `answered ${status}`;
  if (status >= 200 && status < 300) return { kind: "delivered" };
  // 408 and 429 are about now, not about this transition.
  const forEver = status >= 400 && status < 500 && status !== 408 && status !== 429;
  return forEver ? { kind: "refused", reason } : { kind: "failed", reason };
}

function sign(body: string, secret: string): string {
  return `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`;
}

function toCloudEvent(transition: AlertTransition): Readonly<Record<string, unknown>> {
  return {
    specversion: "1.0",
    id: transition.id,
    source: "/sluicegate/alerts",
    type: cloudEventType("alert-transition"),
    subject: transition.rule,
    time: transition.at,
    datacontenttype: "application/json",
    data: transition,
  };
}

/** What `fetch` hides behind "fetch failed". */
function causeOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  return thrown.cause instanceof Error ? thrown.cause.message : thrown.message;
}
