/** What the replies of an SMTP server mean for a notice. RFC 5321, 4.2.1. */
import { maskSecrets } from "../core/mask-secrets.ts";
import { printable } from "../core/printable.ts";
import type { Delivery } from "./receiver.ts";
import { shorten } from "./shorten.ts";

const mostSaid = 300;

/** An error as the client of SMTP gives it. */
export interface SmtpRefusal {
  readonly message: string;
  /** `EAUTH`, `ETLS`, `EENVELOPE`, `EMESSAGE`, `ECONNECTION`, ... */
  readonly code?: string | undefined;
  /** The three digits of the server. */
  readonly responseCode?: number | undefined;
  /** What was said to it. */
  readonly command?: string | undefined;
}

/**
 * - 4yz, and no reply at all: not now.
 * - 5yz to a recipient or to the letter: never.
 * - 5yz to all that comes before, a login that is refused, no TLS: people have to look.
 *
 * Where one recipient may take it later and another never will, it is tried again.
 */
export function judgeSmtp(
  refusals: readonly SmtpRefusal[],
  recipients: readonly string[],
): Delivery {
  const [first] = refusals;
  if (first === undefined) return { kind: "delivered" };
  const worst = refusals.find((refusal) => !isForEver(refusal)) ?? first;
  const who = recipients.length > 0 ? ` (${recipients.join(", ")})` : "";
  const said = worst.message.trim() || worst.code || "no words";
  const reason = printable(maskSecrets(shorten(`${said}${who}`, mostSaid)));
  if (isForEver(worst)) return { kind: "refused", reason };
  return isOfTheServer(worst)
    ? { kind: "failed", reason, misconfigured: true }
    : { kind: "failed", reason };
}

function isForEver({ command = "", responseCode = 0 }: SmtpRefusal): boolean {
  return responseCode >= 500 && /^(?:RCPT TO|DATA)/.test(command);
}

function isOfTheServer({ code, responseCode = 0 }: SmtpRefusal): boolean {
  if (responseCode >= 500) return true;
  return (code === "EAUTH" && responseCode === 0) || code === "ETLS";
}
