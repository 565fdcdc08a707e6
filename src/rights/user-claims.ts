/** Rights as JWTs carry them, for a hub whose users are signed by an operator. */
import { hubAccount, type KeyedMember } from "./server-configuration.ts";

/** The part of a user's JWT that a role decides: what `nats.pub` and `nats.sub` of its claims are. */
export interface UserClaims {
  readonly name: string;
  readonly sub: string;
  /** The account whose key signs it. */
  readonly account: string;
  readonly nats: {
    readonly type: "user";
    readonly version: 2;
    readonly pub: { readonly allow: readonly string[] };
    readonly sub: { readonly allow: readonly string[] };
    readonly subs: -1;
    readonly data: -1;
    readonly payload: -1;
    readonly allowed_connection_types: readonly string[];
  };
}

/** What the account of a gateway takes from the hub's, each as an import of its JWT. */
export interface AccountClaims {
  readonly account: string;
  readonly imports: readonly {
    readonly type: "service" | "stream";
    readonly subject: string;
    readonly from: string;
  }[];
}

/** Of all members; accounts are told for those who have one of their own. */
export function userClaims(members: readonly KeyedMember[]): {
  readonly users: readonly UserClaims[];
  readonly accounts: readonly AccountClaims[];
} {
  const users = members.map(({ account = hubAccount, name, publicKey, publish, subscribe }) => ({
    ...{ name, sub: publicKey, account },
    nats: {
      ...({ type: "user", version: 2 } as const),
      pub: { allow: publish },
      sub: { allow: subscribe },
      ...({ subs: -1, data: -1, payload: -1 } as const),
      allowed_connection_types: ["STANDARD", "WEBSOCKET"],
    },
  }));
  const accounts = members.flatMap(({ account, publish, subscribe }) =>
    account === undefined
      ? []
      : {
          account,
          imports: [
            ...publish.map((subject) => ({ type: "service" as const, subject, from: hubAccount })),
            ...subscribe
              .filter((subject) => !subject.startsWith("_INBOX."))
              .map((subject) => ({ type: "stream" as const, subject, from: hubAccount })),
          ],
        },
  );
  return { users, accounts };
}
