/** Rights as nats-server reads them: accounts and their users, to be included by its configuration. */
import type { Member } from "./rights.ts";

/** The account that holds every stream. */
export const hubAccount = "SLUICEGATE";

/** A member, and the public half of its key. */
export type KeyedMember = Member & { readonly publicKey: string };

/** More connections of one gateway than this are none of ours: each costs the hub memory. */
const gatewayLimits = "limits: { max_connections: 8, max_subscriptions: 64 }";

/**
 * Each gateway has an account of its own. What it may publish is handed on to the account of the hub,
 * and the answers come back into its own: nothing that it names as the place for an answer is a subject
 * of the hub, so it cannot have the server write where it may not write itself.
 */
export function serverConfiguration(members: readonly KeyedMember[]): string {
  const guests = members.filter(isGuest);
  const accountsOf = new Map<string, string[]>();
  for (const { account, publish, subscribe } of guests)
    for (const what of [
      ...publish.map((subject) => `service: ${quote(subject)}`),
      ...subscribe.filter(isHeardFromHub).map((subject) => `stream: ${quote(subject)}`),
    ])
      accountsOf.set(what, [...(accountsOf.get(what) ?? []), quote(account)]);
  const exports = Array.from(
    accountsOf,
    ([what, accounts]) => `{ ${what}, accounts: [${accounts.join(", ")}] }`,
  );
  return [
    "# Made by `sluicegate nats-permissions`; it is written anew, not changed by hand.",
    "# Include it in the configuration of every server, and reload: nats-server --signal reload",
    "accounts {",
    `  ${quote(hubAccount)}: {`,
    "    jetstream: enabled",
    ...listOf("users", members.filter(({ account }) => account === undefined).map(userOf)),
    ...listOf("exports", exports),
    "  }",
    ...guests.flatMap((member) => [
      `  ${quote(member.account)}: {`,
      `    ${gatewayLimits}`,
      ...listOf("users", [userOf(member)]),
      ...listOf("imports", [
        ...member.publish.map((subject) => `{ service: ${fromHub(subject)} }`),
        ...member.subscribe
          .filter(isHeardFromHub)
          .map((subject) => `{ stream: ${fromHub(subject)} }`),
      ]),
      "  }",
    ]),
    "}",
    "",
  ].join("\n");
}

function isGuest(member: KeyedMember): member is KeyedMember & { readonly account: string } {
  return member.account !== undefined;
}

/** Answers come into the account of who asked; the rest is said in the hub's. */
function isHeardFromHub(subject: string): boolean {
  return !subject.startsWith("_INBOX.");
}

function fromHub(subject: string): string {
  return `{ account: ${quote(hubAccount)}, subject: ${quote(subject)} }`;
}

function userOf({ name, publicKey, publish, subscribe }: KeyedMember): string {
  const [pub, sub] = [publish, subscribe].map((subjects) => subjects.map(quote).join(", "));
  return [
    `{ nkey: ${publicKey} # ${name}`,
    '        allowed_connection_types: ["STANDARD", "WEBSOCKET"]',
    `        permissions: { publish: { allow: [${pub}] }`,
    `                       subscribe: { allow: [${sub}] } } }`,
  ].join("\n");
}

function listOf(name: string, entries: readonly string[]): readonly string[] {
  return [`    ${name}: [`, ...entries.map((entry) => `      ${entry}`), "    ]"];
}

function quote(text: string): string {
  return JSON.stringify(text);
}
