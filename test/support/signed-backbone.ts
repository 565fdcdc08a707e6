/** A nats-server that believes an operator: accounts and users are JWTs, made of claims and signed here. */
import { createHash } from "node:crypto";
import { nkeys } from "@nats-io/transport-node";
import type { userClaims } from "../../src/rights/user-claims.ts";

type Claims = ReturnType<typeof userClaims>;
type Pair = ReturnType<typeof nkeys.createUser>;

/** Lines for the configuration of the server, and the `.creds` of each user. */
export interface SignedBackbone {
  readonly configuration: string;
  /** By the name of the member; `keys` are those of the claims. */
  credsOf(name: string, seed: string): string;
}

/** The hub's account exports what the others import; who imports is the operator's word alone. */
export function signBackbone({ accounts, users }: Claims, hub: string): SignedBackbone {
  const operator = nkeys.createOperator();
  const pairs = new Map<string, Pair>();
  for (const name of [hub, "SYS", ...accounts.map(({ account }) => account)])
    pairs.set(name, nkeys.createAccount());
  const publicOf = (name: string): string => pairOf(pairs, name).getPublicKey();
  const anything = {
    subs: -1,
    data: -1,
    payload: -1,
    conn: -1,
    leaf: -1,
    imports: -1,
    exports: -1,
  };
  const limits = { ...anything, wildcards: true, mem_storage: -1, disk_storage: -1 };
  const accountJwt = (name: string, nats: object): string =>
    sign(operator, publicOf(name), name, { type: "account", version: 2, limits, ...nats });
  const exports = [
    ...new Map(
      accounts
        .flatMap(({ imports }) => imports)
        .map(({ subject, type }) => [subject, { name: subject, subject, type }]),
    ).values(),
  ];
  const jwts = [
    [hub, accountJwt(hub, { exports })],
    ["SYS", accountJwt("SYS", { limits: anything })],
    ...accounts.map(({ account, imports }): [string, string] => [
      account,
      accountJwt(account, {
        limits: anything,
        imports: imports.map((one) => ({
          ...{ name: one.subject, subject: one.subject, type: one.type },
          account: publicOf(one.from),
        })),
      }),
    ]),
  ];
  const operatorJwt = sign(operator, operator.getPublicKey(), "operator", {
    ...{ type: "operator", version: 2, system_account: publicOf("SYS") },
  });
  return {
    configuration: [
      `operator: ${operatorJwt}`,
      "resolver: MEMORY",
      `resolver_preload: { ${jwts.map(([name = "", jwt]) => `${publicOf(name)}: ${jwt}`).join(", ")} }`,
    ].join("\n"),
    credsOf(name, seed) {
      const user = users.find((one) => one.name === name);
      if (!user) throw new Error(`no user is ${name}`);
      const jwt = sign(pairOf(pairs, user.account), user.sub, name, user.nats);
      return [
        ...["-----BEGIN NATS USER JWT-----", jwt, "------END NATS USER JWT------", ""],
        ...["-----BEGIN USER NKEY SEED-----", seed, "------END USER NKEY SEED------", ""],
      ].join("\n");
    },
  };
}

function pairOf(pairs: ReadonlyMap<string, Pair>, name: string): Pair {
  const pair = pairs.get(name);
  if (!pair) throw new Error(`no account is ${name}`);
  return pair;
}

function sign(issuer: Pair, sub: string, name: string, nats: object): string {
  const iat = Math.floor(Date.now() / 1_000);
  const claims = { iat, iss: issuer.getPublicKey(), name, sub, nats };
  const jti = createHash("sha256").update(JSON.stringify(claims)).digest("hex").toUpperCase();
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  const signed = `${part({ typ: "JWT", alg: "ed25519-nkey" })}.${part({ ...claims, jti })}`;
  const signature = issuer.sign(new TextEncoder().encode(signed));
  return `${signed}.${Buffer.from(signature).toString("base64url")}`;
}
