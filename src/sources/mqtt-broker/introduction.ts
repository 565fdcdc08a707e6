/** What a client wants of its session. */
export interface SessionWish {
  /** What there is of the client is to end first. */
  readonly cleanStart: boolean;
  readonly keptSeconds: number;
}

/** What a client says in its CONNECT, as far as it matters after that. */
export interface Introduction {
  /** The identifier and the user that it claims; the first is empty when it names none. */
  readonly client: string;
  readonly user: string | undefined;
  readonly session: SessionWish;
  /** 0: never. */
  readonly keepAliveSeconds: number;
  readonly will: { readonly topic: string } | undefined;
  /** It is a broker, which passes messages of others on, and those that it retains at each connection. */
  readonly isBridge: boolean;
}

/** Of a client that did not send its CONNECT yet. */
export const noIntroduction: Introduction = {
  client: "",
  user: undefined,
  session: { cleanStart: true, keptSeconds: 0 },
  keepAliveSeconds: 0,
  will: undefined,
  isBridge: false,
};
