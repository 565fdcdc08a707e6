/**
 * Posts to Alertmanager, API v2, as Prometheus does: what fires is said again and again, since
 * Alertmanager takes for ended what nobody repeats. Grouping, silences and inhibition are its own.
 */
import * as z from "zod";
import { durationWithin } from "../../schema/bounded.ts";
import { secretReference } from "../../schema/secret-reference.ts";
import { basic } from "../http-post.ts";
import { receiverKind } from "../receiver-kind.ts";
import { AlertmanagerCluster } from "./alertmanager-cluster.ts";
import { AlertmanagerFiring } from "./alertmanager-firing.ts";
import { caOption, giveUpAfterOption, httpUrl, timeoutOption } from "./parts.ts";

const alertmanagerOptions = z.strictObject({
  kind: z.literal("alertmanager").describe("Posts alerts to Alertmanager."),
  urls: z
    .array(httpUrl)
    .min(1)
    .max(16)
    .describe(
      "Every Alertmanager of a cluster, such as http://127.0.0.1:9093; each is told of all.",
    ),
  resend_every: z
    .string()
    .transform(durationWithin(1_000, 3_600_000))
    .prefault("1m")
    .describe(
      "How often what fires is said again (1s to 1h; ms once parsed); Alertmanager takes it for ended after four times that.",
    ),
  token: secretReference.optional().describe("Bearer token."),
  user: z.string().min(1).max(256).optional().describe("User name, where there is no token."),
  password: secretReference.optional().describe("Password of the user."),
  ca: caOption,
  timeout: timeoutOption,
  give_up_after: giveUpAfterOption,
});

export const alertmanager = receiverKind(alertmanagerOptions, async (options, surroundings) => {
  const { clock, createPoster, readSecret, readText } = surroundings;
  const token = options.token && (await readSecret(options.token)).reveal();
  const password = options.password && (await readSecret(options.password)).reveal();
  const ca = options.ca && (await readText(options.ca));
  const post = createPoster({ clock, timeoutMs: options.timeout, ca, readsBody: true });
  const authorization =
    token !== undefined
      ? `Bearer ${token}`
      : options.user !== undefined
        ? basic(options.user, password ?? "")
        : undefined;
  const cluster = new AlertmanagerCluster(options.urls, authorization, post, clock);
  const firing = new AlertmanagerFiring(options.resend_every, cluster, clock);
  return {
    giveUpAfterMs: options.give_up_after,
    alone: true,
    deliver: ({ alerts: [{ transition }] }, signal) => firing.tell(transition, signal),
    attend: (alerts, signal) => firing.attend(alerts, signal),
  };
});
