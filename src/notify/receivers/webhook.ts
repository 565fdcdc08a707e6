/**
 * Posts transitions to an address.
 *
 * The `Idempotency-Key` is the transition's id: however often it is sent, it is the same. With a
 * secret, `X-Signature: sha256=<hex>` is the HMAC of the exact bytes of the body. Of an answer only
 * the head is read.
 */
import { createHmac } from "node:crypto";
import * as z from "zod";
import { cloudEventType } from "../../core/event-kind.ts";
import { maskSecrets } from "../../core/mask-secrets.ts";
import { durationWithin } from "../../schema/bounded.ts";
import { secretReference } from "../../schema/secret-reference.ts";
import { judgeAnswer } from "../judge-answer.ts";
import { isPlainChange } from "../notice-text.ts";
import type { Notice } from "../receiver.ts";
import { receiverKind } from "../receiver-kind.ts";

const webhookOptions = z.strictObject({
  kind: z.literal("webhook").describe("Posts each transition to an address."),
  url: z
    .url({ protocol: /^https?$/, error: "write an address that begins with http:// or https://" })
    .describe("Address that takes the POST."),
  format: z
    .enum(["raw", "cloudevents"])
    .default("raw")
    .describe("The transition itself, or a CloudEvent in structured JSON around it."),
  secret: secretReference
    .optional()
    .describe("Key of the HMAC-SHA256 in the header X-Signature; without it none is sent."),
  timeout: z
    .string()
    .transform(durationWithin(100, 120_000))
    .prefault("10s")
    .describe("How long an answer is waited for (100ms to 2m; ms once parsed)."),
  give_up_after: z
    .string()
    .transform(durationWithin(60_000, 30 * 86_400_000))
    .prefault("24h")
    .describe(
      "How long a notice is tried before it becomes a dead letter (1m to 30d; ms once parsed).",
    ),
});

export const webhook = receiverKind(webhookOptions, async (options, surroundings) => {
  const { format, timeout, url } = options;
  const { clock, fetch, readSecret } = surroundings;
  const secret = options.secret && (await readSecret(options.secret)).reveal();
  const { address, authorization } = splitUserInfo(url);
  return {
    giveUpAfterMs: options.give_up_after,
    async deliver(notice, signal) {
      const body = JSON.stringify(format === "raw" ? toRaw(notice) : toCloudEvent(notice));
      const ended = new AbortController();
      const timer = clock.setTimer(timeout, () => ended.abort(`no answer in ${timeout} ms`));
      const cutOff = (): void => ended.abort("stopped before there was an answer");
      signal.addEventListener("abort", cutOff, { once: true });
      if (signal.aborted) cutOff();
      try {
        const response = await fetch(address, {
          method: "POST",
          body,
          headers: {
            "content-type": format === "raw" ? "application/json" : "application/cloudevents+json",
            "idempotency-key": notice.id,
            ...(authorization !== undefined && { authorization }),
            ...(secret !== undefined && { "x-signature": sign(body, secret) }),
          },
          redirect: "manual",
          signal: ended.signal,
        });
        // What follows may have no end, and what becomes of it changes nothing.
        void response.body?.cancel().catch(() => {});
        return judgeAnswer(response.status, response.headers.get("retry-after"), clock.wallMs());
      } catch (thrown) {
        const reason = ended.signal.aborted ? String(ended.signal.reason) : causeOf(thrown);
        return { kind: "failed", reason: maskSecrets(reason) };
      } finally {
        timer.cancel();
        signal.removeEventListener("abort", cutOff);
      }
    },
  };
});

/** `fetch` takes no address with a user and password in it. */
function splitUserInfo(url: string): { address: string; authorization: string | undefined } {
  const parsed = new URL(url);
  const { password, username } = parsed;
  if (username === "" && password === "") return { address: url, authorization: undefined };
  const userInfo = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  parsed.username = "";
  parsed.password = "";
  const encoded = Buffer.from(userInfo).toString("base64");
  return { address: parsed.href, authorization: `Basic ${encoded}` };
}

function sign(body: string, secret: string): string {
  return `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`;
}

/** One change of one alert is its transition; anything else says so. */
function toRaw(notice: Notice): object {
  const { alerts, attempt, cause, group, id, lateByReceiver, leftOut, sentAt } = notice;
  const told = { sent_at: sentAt, attempt, late_by_receiver: lateByReceiver };
  const [{ transition }] = alerts;
  if (isPlainChange(notice)) return { ...transition, ...told };
  return {
    schema: "alert.notice/1",
    id,
    cause,
    ...(group && { group }),
    alerts: alerts.map(({ changes, transition: alert }) => ({ ...alert, changes })),
    left_out: leftOut,
    ...told,
  };
}

function toCloudEvent(notice: Notice): object {
  const [{ transition }] = notice.alerts;
  return {
    specversion: "1.0",
    id: notice.id,
    source: "/sluicegate/alerts",
    type: cloudEventType("alert-transition"),
    subject: notice.group?.key ?? transition.rule,
    time: transition.at,
    datacontenttype: "application/json",
    data: toRaw(notice),
  };
}

/** What `fetch` hides behind "fetch failed". */
function causeOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  const { cause } = thrown;
  if (!(cause instanceof Error)) return thrown.message;
  if (cause.message !== "") return cause.message;
  // Of an attempt over several addresses only the code says something.
  return "code" in cause ? String(cause.code) : cause.name;
}
