/**
 * Sends messages as a bot of Telegram. The token is part of the address, which is therefore never
 * said.
 */
import * as z from "zod";
import type { Clock } from "../../core/clock.ts";
import { isObject } from "../../core/is-object.ts";
import { secretReference } from "../../schema/secret-reference.ts";
import type { Answered } from "../http-post.ts";
import { coverAnswer, judgeAnswered, rest, withWords } from "../judge-answer.ts";
import { escapeMarkup } from "../markup.ts";
import { describeNotice, plainLines } from "../notice-message.ts";
import type { Delivery } from "../receiver.ts";
import { receiverKind } from "../receiver-kind.ts";
import { coverSecret } from "../secret-url.ts";
import { shorten } from "../shorten.ts";
import { caOption, giveUpAfterOption, httpUrl, timeoutOption } from "./parts.ts";

/** Of a message 4,096 are taken, counted without its markup. */
const mostTitle = 300;
const mostText = 4_000 - mostTitle;

const telegramOptions = z.strictObject({
  kind: z.literal("telegram").describe("Sends each notice to a chat of Telegram, as a bot."),
  token: secretReference.describe("Token of the bot, as BotFather gives it."),
  chat_id: z
    .union([
      z.number().int(),
      z.string().regex(/^(?:-?\d{1,20}|@[A-Za-z0-9_]{4,64})$/, "write a number or @channel"),
    ])
    .describe("The chat: a number, below 0 for groups, or @name of a public channel."),
  thread_id: z.number().int().positive().optional().describe("A topic of the group."),
  url: httpUrl
    .default("https://api.telegram.org")
    .describe("The Bot API, where it is a server of your own."),
  ca: caOption,
  timeout: timeoutOption,
  give_up_after: giveUpAfterOption,
});

export const telegram = receiverKind(telegramOptions, async (options, surroundings) => {
  const { clock, createPoster, readSecret, readText } = surroundings;
  const token = (await readSecret(options.token)).reveal();
  const ca = options.ca && (await readText(options.ca));
  const post = createPoster({ clock, timeoutMs: options.timeout, ca, readsBody: true });
  const url = `${options.url.replace(/\/+$/, "")}/bot${encodeURIComponent(token)}/sendMessage`;
  const cover = coverSecret(token);
  return {
    giveUpAfterMs: options.give_up_after,
    async deliver(notice, signal) {
      const text = describeNotice(notice);
      const title = escapeMarkup(shorten(text.title, mostTitle));
      const lines = escapeMarkup(shorten(plainLines(text).join("\n"), mostText));
      const message = {
        chat_id: options.chat_id,
        ...(options.thread_id !== undefined && { message_thread_id: options.thread_id }),
        text: `<b>${title}</b>\n${lines}`,
        parse_mode: "HTML",
        link_preview_options: { is_disabled: true },
      };
      const headers = { "content-type": "application/json" };
      const body = JSON.stringify(message);
      return judge(coverAnswer(await post({ url, body, headers }, signal), cover), clock);
    },
  };
});

/** What is wrong is said in the body; a chat that cannot be written to is no fault of the notice. */
function judge(answered: Answered, clock: Pick<Clock, "wallMs">): Delivery {
  if (answered.kind === "failed") return answered;
  const {
    description,
    errorCode = 500,
    isDenied,
    migrateTo,
    retryAfterMs,
  } = parseAnswer(answered.body);
  // What stands in between may answer 200 for it.
  const status = isDenied && answered.status < 300 ? errorCode : answered.status;
  const reason = `answered ${status}`;
  if (migrateTo !== undefined)
    return withWords(
      { kind: "failed", reason: `${reason}; the chat is now ${migrateTo}`, misconfigured: true },
      description,
    );
  if (status === 429 && retryAfterMs !== undefined)
    return withWords(rest(reason, retryAfterMs), description);
  if (status === 400 && /chat|thread|topic|user|peer|rights|upgraded/i.test(description))
    return withWords({ kind: "failed", reason, misconfigured: true }, description);
  return judgeAnswered({ ...answered, status, body: description }, clock);
}

interface BotAnswer {
  readonly description: string;
  /** It says that it did not take the message. */
  readonly isDenied: boolean;
  readonly errorCode?: number;
  readonly migrateTo?: number;
  readonly retryAfterMs?: number;
}

function parseAnswer(body: string): BotAnswer {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    return { description: "", isDenied: false };
  }
  const fields = isObject(parsed) ? parsed : {};
  const parameters = isObject(fields["parameters"]) ? fields["parameters"] : {};
  const { migrate_to_chat_id: migrateTo, retry_after: seconds } = parameters;
  const { description, error_code: code, ok } = fields;
  return {
    description: typeof description === "string" ? description : "",
    isDenied: ok === false,
    ...(typeof code === "number" && code >= 400 && { errorCode: code }),
    ...(typeof migrateTo === "number" && { migrateTo }),
    ...(typeof seconds === "number" && seconds >= 0 && { retryAfterMs: seconds * 1_000 }),
  };
}
