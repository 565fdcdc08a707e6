/** What the errors of `kafkajs` mean; the client wraps one in another. */
import { isObject } from "../core/is-object.ts";
import { maskSecrets } from "../core/mask-secrets.ts";
import type { Trouble } from "./link.ts";

/** Of a record itself: the same will never be taken. */
const ofRecords = new Set(["MESSAGE_TOO_LARGE", "RECORD_LIST_TOO_LARGE", "INVALID_RECORD"]);
/** Somebody has to change something. */
const needPeople =
  /AUTHORIZATION_FAILED|SASL|ILLEGAL_SASL|UNKNOWN_TOPIC|INVALID_TOPIC|POLICY_VIOLATION|INVALID_REPLICATION|SECURITY_DISABLED/;
const mostDeep = 8;

/** The last of the causes, which says most. */
function rootOf(thrown: unknown): unknown {
  let found = thrown;
  for (let depth = 0; depth < mostDeep; depth += 1) {
    const cause: unknown = found instanceof Error ? found.cause : undefined;
    if (cause === undefined || cause === null) return found;
    found = cause;
  }
  return found;
}

function typeOf(thrown: unknown): string {
  const type: unknown =
    isObject(thrown) || thrown instanceof Error ? Reflect.get(thrown, "type") : "";
  return typeof type === "string" ? type : "";
}

/** Why records are never taken; undefined where it is not they. */
export function whyRefused(thrown: unknown): string | undefined {
  const root = rootOf(thrown);
  if (!ofRecords.has(typeOf(root))) return undefined;
  return root instanceof Error ? root.message : String(root);
}

/** What it is otherwise; `tried` stands in front. */
export function kafkaTrouble(thrown: unknown, tried: string): Trouble {
  const root = rootOf(thrown);
  const message = root instanceof Error ? root.message : String(root);
  const name = root instanceof Error ? root.name : "";
  const isForPeople = needPeople.test(typeOf(root)) || /SASL/.test(name);
  return {
    kind: "trouble",
    reason: maskSecrets(`${tried}: ${message}`),
    needsPeople: isForPeople,
  };
}
