/**
 * Publishes to ntfy, as JSON: what stands in its headers is read as Latin-1 by some and not at all by
 * others, and a name of a device may hold anything.
 */
import * as z from "zod";
import type { Severity } from "../../core/alert.ts";
import { secretReference } from "../../schema/secret-reference.ts";
import { basic } from "../http-post.ts";
import { judgeAnswered } from "../judge-answer.ts";
import { describeNotice, plainLines } from "../notice-message.ts";
import { receiverKind } from "../receiver-kind.ts";
import { shorten, shortenToBytes } from "../shorten.ts";
import { caOption, giveUpAfterOption, httpUrl, timeoutOption } from "./parts.ts";

/** A longer message becomes a file that somebody has to open. */
const mostMessageBytes = 4_000;
const mostTitle = 250;
/** Of the end of an alert. */
const endedPriority = 3;
/** 5 rings through, 4 rings, 3 is usual. */
const priorities: Readonly<Record<Severity, number>> = { critical: 5, warning: 4, info: 3 };
/** ntfy shows their pictures in front of the title. */
const tags: Readonly<Record<Severity, string>> = {
  critical: "rotating_light",
  warning: "warning",
  info: "information_source",
};

const ntfyOptions = z.strictObject({
  kind: z.literal("ntfy").describe("Publishes each notice to a topic of an ntfy server."),
  url: httpUrl.default("https://ntfy.sh").describe("The server, without the topic."),
  topic: z
    .string()
    .regex(/^[-_A-Za-z0-9]{1,64}$/, "a topic is 1 to 64 letters, digits, underscores and hyphens")
    .describe("The topic; on a public server whoever knows it can read."),
  token: secretReference.optional().describe("Access token of the server."),
  user: z.string().min(1).max(256).optional().describe("User name, where there is no token."),
  password: secretReference.optional().describe("Password of the user."),
  ca: caOption,
  timeout: timeoutOption,
  give_up_after: giveUpAfterOption,
});

export const ntfy = receiverKind(ntfyOptions, async (options, surroundings) => {
  const { clock, createPoster, readSecret, readText } = surroundings;
  const token = options.token && (await readSecret(options.token)).reveal();
  const password = options.password && (await readSecret(options.password)).reveal();
  const ca = options.ca && (await readText(options.ca));
  const post = createPoster({ clock, timeoutMs: options.timeout, ca });
  const authorization =
    token !== undefined
      ? `Bearer ${token}`
      : options.user !== undefined
        ? basic(options.user, password ?? "")
        : undefined;
  return {
    giveUpAfterMs: options.give_up_after,
    async deliver(notice, signal) {
      const text = describeNotice(notice);
      const click = text.alerts.find(({ runbookUrl }) => runbookUrl !== undefined)?.runbookUrl;
      const message = {
        topic: options.topic,
        title: shorten(text.title, mostTitle),
        message: shortenToBytes(plainLines(text).join("\n"), mostMessageBytes),
        priority: text.ended ? endedPriority : priorities[text.severity],
        tags: [text.ended ? "white_check_mark" : tags[text.severity]],
        ...(click !== undefined && { click }),
      };
      const headers = {
        "content-type": "application/json",
        ...(authorization !== undefined && { authorization }),
      };
      const body = JSON.stringify(message);
      return judgeAnswered(await post({ url: options.url, body, headers }, signal), clock);
    },
  };
});
