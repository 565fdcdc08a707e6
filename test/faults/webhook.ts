import { openWebhookServer } from "../support/open-webhook-server.ts";

export interface TakenPost {
  /** Its idempotency key. */
  readonly id: string;
  readonly instance: string;
  /** Its body without what is said of the attempt. */
  readonly content: string;
}

interface Body {
  readonly instance: string;
  readonly attempt: number;
  readonly late_by_receiver: boolean;
  readonly sent_at: string;
}

/** Posts as they came; some were refused for the moment and came again. */
export interface Webhook {
  readonly url: string;
  /** What was accepted, in the order of the posts. */
  readonly accepted: readonly TakenPost[];
  readonly refused: number;
  close(): Promise<void>;
}

/** Takes what a notifier posts; every `refuseEvery`th post is answered 503. */
export async function openWebhook(refuseEvery: number): Promise<Webhook> {
  const refuses = (index: number): boolean => (index + 1) % refuseEvery === 0;
  const { close, posts, url } = await openWebhookServer((_, index) => (refuses(index) ? 503 : 200));
  const accepted: TakenPost[] = [];
  let read = 0;
  return {
    url,
    close,
    get accepted() {
      for (const { body, headers, status } of posts.slice(read)) {
        if (status !== 200) continue;
        const { attempt, late_by_receiver, sent_at, ...content }: Body = JSON.parse(body);
        const id = String(headers["idempotency-key"]);
        accepted.push({ id, instance: content.instance, content: JSON.stringify(content) });
      }
      read = posts.length;
      return accepted;
    },
    get refused() {
      return posts.filter(({ status }) => status === 503).length;
    },
  };
}
