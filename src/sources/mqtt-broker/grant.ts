/** What a subscriber was granted: by one filter, or by several that name the same topic. */
import type { Qos } from "./outbound-message.ts";

export interface Grant {
  readonly qos: Qos;
  /** RETAIN is sent as it was published; otherwise a live message has none. */
  readonly retainAsPublished: boolean;
  /** What the subscriber calls these subscriptions. */
  readonly identifiers: readonly number[];
  /** What holds for messages of the subscriber itself; undefined: they are not for it. */
  readonly own: Grant | undefined;
}

const none: readonly number[] = [];

class PlainGrant implements Grant {
  readonly qos: Qos;
  readonly retainAsPublished = false;
  readonly identifiers = none;

  constructor(qos: Qos) {
    this.qos = qos;
  }

  get own(): Grant {
    return this;
  }
}

/** By QoS: all that MQTT 3.1.1 knows. */
const plain = [new PlainGrant(0), new PlainGrant(1), new PlainGrant(2)] as const;

export function plainGrant(qos: Qos): Grant {
  return plain[qos];
}

/** What MQTT 5 adds to a filter (§3.8.3.1, §3.8.2.1.2). */
export interface GrantOptions {
  readonly noLocal: boolean;
  readonly retainAsPublished: boolean;
  readonly identifier: number | undefined;
}

export function grantWith(qos: Qos, options: GrantOptions): Grant {
  const { identifier, noLocal, retainAsPublished } = options;
  const identifiers = identifier === undefined ? none : [identifier];
  const others = { qos, retainAsPublished, identifiers, own: undefined };
  return noLocal ? others : { ...others, own: { ...others } };
}

/** Both together: the message comes once, with the higher QoS and for both. */
export function joined(a: Grant, b: Grant): Grant {
  if (a === b || (a instanceof PlainGrant && b instanceof PlainGrant)) return a.qos < b.qos ? b : a;
  const both = {
    qos: a.qos < b.qos ? b.qos : a.qos,
    retainAsPublished: a.retainAsPublished || b.retainAsPublished,
    identifiers: [...a.identifiers, ...b.identifiers],
  };
  return { ...both, own: a.own && b.own ? joinedOwn(a.own, b.own) : (a.own ?? b.own) };
}

function joinedOwn(a: Grant, b: Grant): Grant {
  return {
    qos: a.qos < b.qos ? b.qos : a.qos,
    retainAsPublished: a.retainAsPublished || b.retainAsPublished,
    identifiers: [...a.identifiers, ...b.identifiers],
    own: undefined,
  };
}
