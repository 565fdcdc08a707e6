/** The kinds of receivers there are: one line each. */
import { alertmanager } from "./receivers/alertmanager.ts";
import { email } from "./receivers/email.ts";
import { log } from "./receivers/log.ts";
import { mqtt } from "./receivers/mqtt.ts";
import { ntfy } from "./receivers/ntfy.ts";
import { slack } from "./receivers/slack.ts";
import { teams } from "./receivers/teams.ts";
import { telegram } from "./receivers/telegram.ts";
import { webhook } from "./receivers/webhook.ts";

export const receiverKinds = [
  log,
  webhook,
  alertmanager,
  email,
  mqtt,
  ntfy,
  telegram,
  slack,
  teams,
] as const;
