/**
 * Sends e-mails. All of an episode, or of a group, follow one letter that never was: mail programs show
 * them as one thread, wherever it began.
 */
import * as z from "zod";
import { BoundedMap } from "../../core/bounded-map.ts";
import { fnv1a64 } from "../../core/fnv1a.ts";
import { secretReference } from "../../schema/secret-reference.ts";
import { describeNotice } from "../notice-message.ts";
import type { Notice } from "../receiver.ts";
import { receiverKind } from "../receiver-kind.ts";
import { parseServerUrl } from "../server-url.ts";
import { htmlOf, subjectOf, textOf } from "./email-text.ts";
import { caOption, giveUpAfterOption, timeoutOption } from "./parts.ts";
import { type SmtpServer, sendLetter } from "./smtp.ts";

const schemes = [
  ["smtp", 587],
  ["smtps", 465],
] as const;
/** Letters of which is remembered who took them, while others did not. */
const mostHalfTold = 10_000;

const address = z
  .string()
  .max(254)
  .regex(/^[^\s@<>()[\]\\,;:"\p{Cc}]+@[^\s@<>()[\]\\,;:"\p{Cc}]+$/u, "write name@example.org");

const emailOptions = z
  .strictObject({
    kind: z.literal("email").describe("Sends each notice as an e-mail."),
    smtp: z
      .string()
      .transform((text, context) => {
        const parsed = parseServerUrl(text, [[...schemes[0]], [...schemes[1]]]);
        if (typeof parsed !== "string") return parsed;
        context.addIssue({ code: "custom", message: `smtp: ${parsed}` });
        return z.NEVER;
      })
      .describe("The server: smtp://host:587, or smtps://host:465 with TLS from the first byte."),
    starttls: z
      .boolean()
      .default(true)
      .describe(
        "False speaks smtp:// without TLS, for a relay on this machine; no user goes with it.",
      ),
    user: z.string().min(1).max(256).optional().describe("The user name at the server."),
    password: secretReference.optional().describe("Password of the user."),
    from: address.describe("The sender."),
    to: z.array(address).min(1).max(100).describe("The recipients."),
    ca: caOption,
    timeout: timeoutOption,
    give_up_after: giveUpAfterOption,
  })
  .refine(({ smtp, starttls, user }) => user === undefined || starttls || smtp.secure, {
    path: ["starttls"],
    message: "a password is not sent without TLS; leave user and password out",
  });

export const email = receiverKind(emailOptions, async (options, surroundings) => {
  const { clock, readSecret, readText } = surroundings;
  const { from, to } = options;
  const server: SmtpServer = {
    url: options.smtp,
    starttls: options.starttls,
    user: options.user,
    password: options.password && (await readSecret(options.password)).reveal(),
    ca: options.ca && (await readText(options.ca)),
    timeoutMs: options.timeout,
  };
  const told = new BoundedMap<string, ReadonlySet<string>>(mostHalfTold);
  return {
    giveUpAfterMs: options.give_up_after,
    async deliver(notice, signal) {
      const message = describeNotice(notice);
      const host = from.slice(from.indexOf("@") + 1);
      const letter = {
        from,
        to,
        subject: subjectOf(message),
        text: textOf(message),
        html: htmlOf(message),
        messageId: `<${idWord(notice.id)}@${host}>`,
        follows: `<${threadOf(notice)}@${host}>`,
        sentAt: notice.sentAt,
        urgent: message.severity === "critical" && !message.ended,
      };
      const had = told.get(notice.id) ?? new Set<string>();
      const left = to.filter((recipient) => !had.has(recipient));
      const { accepted, delivery } = await sendLetter(letter, left, server, clock, signal);
      if (delivery.kind === "failed" && accepted.length > 0)
        told.set(notice.id, new Set([...had, ...accepted]));
      if (delivery.kind !== "failed") told.delete(notice.id);
      return delivery;
    },
  };
});

function threadOf({ alerts: [{ transition }], group }: Notice): string {
  return group === undefined ? idWord(transition.episode) : `group-${fnv1a64(group.key)}`;
}

/** As it is where that can stand in a header. */
function idWord(id: string): string {
  return /^[A-Za-z0-9._-]{1,128}$/.test(id) ? id : fnv1a64(id);
}
