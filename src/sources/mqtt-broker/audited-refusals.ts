/** Which refusals are about who somebody is and what they may do: these stand in the audit log. */
import type { Audit } from "../../core/audit.ts";
import type { RefusalFacts } from "../../core/refusal.ts";

const login = "mqtt-login";
const publish = "mqtt-publish";
const subscribe = "mqtt-subscribe";

/** By reason; all others are about the form of what is sent, or about room. */
const actions: Readonly<Record<string, string>> = {
  "bad-credentials": login,
  "identifier-rejected": login,
  "locked-out": login,
  "shut-out": login,
  "no-certificate": login,
  "bad-certificate": login,
  "tls-version": login,
  "tls-handshake": login,
  "plain-on-tls": login,
  "foreign-origin": login,
  "connect-rate": login,
  "max-clients-per-address": login,
  "user-changed": login,
  "will-not-allowed": "mqtt-will",
  "not-let-in": publish,
  "foreign-topic": publish,
  "system-topic": publish,
  "foreign-filter": subscribe,
  "system-filter": subscribe,
};

/** Notes a refusal where it is one of these. Strangers make up names, and are told apart by address. */
export function auditRefusal(
  audit: Audit,
  reason: string,
  { address = "", client, topic, user }: RefusalFacts,
  times: number,
): void {
  const action = actions[reason];
  if (action === undefined) return;
  const isLogin = action === login;
  audit.count(
    {
      by: user || "nobody",
      from: address,
      action,
      target: (isLogin ? client : topic) || null,
      outcome: "refused",
      text: reason,
    },
    times,
  );
}
