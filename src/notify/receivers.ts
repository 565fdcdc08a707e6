/** The kinds of receivers there are: one line each. */
import { log } from "./receivers/log.ts";
import { webhook } from "./receivers/webhook.ts";

export const receiverKinds = [log, webhook] as const;
