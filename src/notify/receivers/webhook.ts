/**
 * Posts transitions to an address.
 *
 * The `Idempotency-Key` is the id of the notice: however often it is sent, it is the same. With a
 * secret, `X-Signature: sha256=<hex>` is the HMAC of the exact bytes of the body. `traceparent` and
 * `tracestate` are those of the first alert that carries a trace. Of an answer only the head is read.
 */
import { createHmac } from "node:crypto";
import * as z from "zod";
import { secretReference } from "../../schema/secret-reference.ts";
import { judgeAnswered } from "../judge-answer.ts";
import { receiverKind } from "../receiver-kind.ts";
import { toAlertmanagerV4 } from "./alertmanager-v4.ts";
import { caOption, giveUpAfterOption, httpUrl, timeoutOption } from "./parts.ts";
import { toCloudEvent, toRaw } from "./webhook-body.ts";

const webhookOptions = z.strictObject({
  kind: z.literal("webhook").describe("Posts each transition to an address."),
  url: httpUrl.describe("Address that takes the POST."),
  format: z
    .enum(["raw", "alertmanager_v4", "cloudevents"])
    .default("raw")
    .describe(
      "The transition itself, what webhooks of Alertmanager get, or a CloudEvent in structured JSON around it.",
    ),
  secret: secretReference
    .optional()
    .describe("Key of the HMAC-SHA256 in the header X-Signature; without it none is sent."),
  ca: caOption,
  timeout: timeoutOption,
  give_up_after: giveUpAfterOption,
});

const bodies = { raw: toRaw, alertmanager_v4: toAlertmanagerV4, cloudevents: toCloudEvent };

export const webhook = receiverKind(webhookOptions, async (options, surroundings) => {
  const { format, url } = options;
  const { clock, createPoster, readSecret, readText } = surroundings;
  const secret = options.secret && (await readSecret(options.secret)).reveal();
  const ca = options.ca && (await readText(options.ca));
  const post = createPoster({ clock, timeoutMs: options.timeout, ca });
  const type = format === "cloudevents" ? "application/cloudevents+json" : "application/json";
  return {
    giveUpAfterMs: options.give_up_after,
    async deliver(notice, signal) {
      const body = JSON.stringify(bodies[format](notice));
      const headers = {
        "content-type": type,
        "idempotency-key": notice.id,
        ...(secret !== undefined && { "x-signature": sign(body, secret) }),
        ...notice.trace,
      };
      return judgeAnswered(await post({ url, body, headers }, signal), clock);
    },
  };
});

function sign(body: string, secret: string): string {
  return `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`;
}
