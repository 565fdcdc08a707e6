import { isId, toSiteId } from "../core/ids.ts";
import { isObject } from "../core/is-object.ts";
import { type OperatorAction, type OperatorVerb, operatorVerbs } from "../core/operator-action.ts";
import { operatorSubject } from "../core/subject.ts";

const maxActionBytes = 16_384;
const longestReason = 1_024;
const tokenPattern = /^[A-Za-z0-9._-]{1,128}$/;
const instancePattern = /^[A-Za-z0-9_-]{1,64}$/;
const timePattern = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/;

/** What an action of a verb cannot be without. */
const needed: Readonly<Record<OperatorVerb, readonly (keyof OperatorAction)[]>> = {
  ack: ["episode"],
  reset: ["episode"],
  clear: ["episode"],
  shelve: ["until", "reason"],
  unshelve: [],
  "out-of-service": ["reason"],
  "in-service": [],
};

/**
 * The action in a message of the alerts stream; undefined where it is none of ours, stands under
 * another subject than its own, or lacks what its verb asks for. Whoever may write there is not known,
 * so every field is looked at, and what nobody knows of is left behind.
 */
export function parseAction(natsSubject: string, body: Uint8Array): OperatorAction | undefined {
  const value = body.length <= maxActionBytes ? parse(body) : undefined;
  if (!isObject(value) || value["schema"] !== "alert.action/1") return undefined;
  const { at, by, episode, id, instance, n, once, reason, site, until, verb } = value;
  if (!isText(id, tokenPattern) || !isText(instance, instancePattern) || !isVerb(verb)) return;
  if (typeof site !== "string" || !isId(site) || typeof by !== "string" || !isId(by)) return;
  if (!isTime(at)) return undefined;
  if (episode !== undefined && !isText(episode, tokenPattern)) return undefined;
  if (n !== undefined && !(typeof n === "number" && Number.isSafeInteger(n) && n > 0)) return;
  if (until !== undefined && !isTime(until)) return undefined;
  if (once !== undefined && once !== true) return undefined;
  if (reason !== undefined && !isReason(reason)) return undefined;
  if (needed[verb].some((field) => value[field] === undefined)) return undefined;
  if (natsSubject !== operatorSubject(toSiteId(site), instance)) return undefined;
  return {
    ...{ schema: "alert.action/1", id, verb, site: toSiteId(site), instance, by, at },
    ...(episode !== undefined && { episode }),
    ...(n !== undefined && { n }),
    ...(until !== undefined && { until }),
    ...(once !== undefined && { once }),
    ...(reason !== undefined && { reason }),
  };
}

function parse(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
  } catch {
    return undefined;
  }
}

function isText(value: unknown, pattern: RegExp): value is string {
  return typeof value === "string" && pattern.test(value);
}

function isVerb(value: unknown): value is OperatorVerb {
  return operatorVerbs.some((verb) => verb === value);
}

function isTime(value: unknown): value is string {
  return isText(value, timePattern) && !Number.isNaN(Date.parse(value));
}

function isReason(value: unknown): value is string {
  return typeof value === "string" && value.trim() !== "" && value.length <= longestReason;
}
