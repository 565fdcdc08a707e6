/** Posts to an incoming webhook of Slack, or of what takes the same: Mattermost, Rocket.Chat. */
import * as z from "zod";
import { secretReference } from "../../schema/secret-reference.ts";
import { coverAnswer, judgeAnswered } from "../judge-answer.ts";
import { escapeSlack } from "../markup.ts";
import { describeNotice, type NoticeMessage, plainLines } from "../notice-message.ts";
import { receiverKind } from "../receiver-kind.ts";
import { coverSecret, secretUrl } from "../secret-url.ts";
import { shorten } from "../shorten.ts";
import { caOption, giveUpAfterOption, timeoutOption } from "./parts.ts";

const mostTitle = 150;
/** Longer texts are folded, and longer ones yet cut off in the middle of a mark. */
const mostText = 2_800;
const colors = { critical: "danger", warning: "warning", info: "#439fe0", ended: "good" } as const;

const slackOptions = z.strictObject({
  kind: z.literal("slack").describe("Posts each notice to an incoming webhook of Slack."),
  url: secretReference.describe(
    "Where the address of the webhook is found: whoever knows it can post.",
  ),
  ca: caOption,
  timeout: timeoutOption,
  give_up_after: giveUpAfterOption,
});

export const slack = receiverKind(slackOptions, async (options, surroundings) => {
  const { clock, createPoster, readSecret, readText } = surroundings;
  const url = secretUrl((await readSecret(options.url)).reveal(), "slack");
  const ca = options.ca && (await readText(options.ca));
  const post = createPoster({ clock, timeoutMs: options.timeout, ca, readsBody: true });
  const headers = { "content-type": "application/json" };
  const cover = coverSecret(url);
  return {
    giveUpAfterMs: options.give_up_after,
    async deliver(notice, signal) {
      const body = JSON.stringify(toMessage(describeNotice(notice)));
      return judgeAnswered(coverAnswer(await post({ url, body, headers }, signal), cover), clock);
    },
  };
});

/** No text of it is read for marks of bold and the like. */
function toMessage(text: NoticeMessage): object {
  const title = escapeSlack(shorten(text.title, mostTitle));
  const link = text.alerts.find(({ runbookUrl }) => runbookUrl !== undefined)?.runbookUrl;
  return {
    attachments: [
      {
        fallback: title,
        color: colors[text.ended ? "ended" : text.severity],
        title,
        ...(link !== undefined && { title_link: link }),
        text: escapeSlack(shorten(plainLines(text).join("\n"), mostText)),
        mrkdwn_in: [],
      },
    ],
  };
}
