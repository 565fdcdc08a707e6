import { onTestFinished } from "vitest";
import { type HookAnswer, openWebhookServer, type WebhookServer } from "./open-webhook-server.ts";

/** An HTTP server of the running test's own that notes what is posted to it. */
export async function webhookServer(
  answer?: (body: string, index: number) => HookAnswer,
): Promise<WebhookServer> {
  const server = await openWebhookServer(answer);
  onTestFinished(() => server.close());
  return server;
}
