import { openWebhookServer } from "../support/open-webhook-server.ts";

/** Posts as they came; some were refused for the moment and came again. */
export interface Webhook {
  readonly url: string;
  /** What was accepted, by its idempotency key, in the order of the posts. */
  readonly accepted: readonly { readonly id: string; readonly instance: string }[];
  readonly refused: number;
  close(): Promise<void>;
}

/** Takes what a notifier posts; every `refuseEvery`th post is answered 503. */
export async function openWebhook(refuseEvery: number): Promise<Webhook> {
  const refuses = (index: number): boolean => (index + 1) % refuseEvery === 0;
  const { close, posts, url } = await openWebhookServer((_, index) => (refuses(index) ? 503 : 200));
  const accepted: { id: string; instance: string }[] = [];
  let read = 0;
  return {
    url,
    close,
    get accepted() {
      for (const { body, headers, status } of posts.slice(read)) {
        if (status !== 200) continue;
        const { instance }: { instance: string } = JSON.parse(body);
        accepted.push({ id: String(headers["idempotency-key"]), instance });
      }
      read = posts.length;
      return accepted;
    },
    get refused() {
      return posts.filter(({ status }) => status === 503).length;
    },
  };
}
