/**
 * The trace that something belongs to, as W3C Trace Context writes it. It comes from strangers: what is
 * not exactly as the standard has it is none, since all others who see it begin another trace.
 */

/** A `traceparent`, taken apart. */
export interface TraceParent {
  /** 32 hexadecimal digits, in lower case, not all of them 0. */
  readonly traceId: string;
  /** The span that is above: 16 of them. */
  readonly parentId: string;
  /** Its maker wants that it is recorded. */
  readonly sampled: boolean;
  /** All of it, in the version that is known here. */
  readonly text: string;
}

/** Of the version that is known: nothing stands behind its flags. */
const known = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;
/** Later versions begin in the same way, and may go on behind a hyphen. */
const later = /^[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(?:-|$)/;
/** What its bytes may take, also in a version of which nobody knows what it holds. */
const mostCharacters = 512;
const zeros = /^0+$/;

/** Flags that are known: sampled, and that the id of the trace is random. */
const sampledFlag = 1;
const knownFlags = 3;

/** Undefined where the text is none. */
export function parseTraceParent(text: string): TraceParent | undefined {
  if (text.length > mostCharacters || text.startsWith("ff")) return undefined;
  const isKnown = text.startsWith("00");
  const match = (isKnown ? known : later).exec(text);
  if (!match) return undefined;
  const [, traceId = "", parentId = "", written = ""] = match;
  if (zeros.test(traceId) || zeros.test(parentId)) return undefined;
  const flags = Number.parseInt(written, 16);
  return {
    traceId,
    parentId,
    sampled: (flags & sampledFlag) !== 0,
    // Who hands on what a later version wrote may only say what this one knows.
    text: isKnown ? text : `00-${traceId}-${parentId}-0${flags & knownFlags}`,
  };
}

/** The text of one that is made here, and is to be recorded. */
export function traceParentText(traceId: string, spanId: string): string {
  return `00-${traceId}-${spanId}-01`;
}

/** A trace as events and alerts carry it: what stands under these names. */
export interface CarriedTrace {
  readonly traceparent: string;
  readonly tracestate?: string;
}

/** The trace that something carries; undefined where it carries none, or what is none. */
export function traceOf(
  carrier: { readonly traceparent?: unknown; readonly tracestate?: unknown } | undefined,
): CarriedTrace | undefined {
  const text = carrier?.traceparent;
  if (typeof text !== "string" || parseTraceParent(text) === undefined) return undefined;
  const said = carrier?.tracestate;
  const tracestate = typeof said === "string" ? parseTraceState(said) : undefined;
  return tracestate === undefined ? { traceparent: text } : { traceparent: text, tracestate };
}

const mostMembers = 32;
const stateKey =
  /^(?:[a-z][a-z0-9_\-*/]{0,255}|[a-z0-9][a-z0-9_\-*/]{0,240}@[a-z][a-z0-9_\-*/]{0,13})$/;
const stateValue = /^[\x20-\x2b\x2d-\x3c\x3e-\x7e]{0,255}[\x21-\x2b\x2d-\x3c\x3e-\x7e]$/;

/**
 * A `tracestate` as it may be handed on: at most 32 members, those at its end left out where all
 * together are too long. Undefined where it is none, or empty.
 */
export function parseTraceState(text: string): string | undefined {
  if (text.length > 16 * mostCharacters) return undefined;
  const members = text
    .split(",")
    .map((member) => member.replace(/^[ \t]+|[ \t]+$/g, ""))
    .filter((member) => member !== "");
  if (members.length === 0 || members.length > mostMembers) return undefined;
  const keys = new Set(members.map((member) => member.slice(0, member.indexOf("="))));
  if (keys.size !== members.length || !members.every(isMember)) return undefined;
  let state = "";
  for (const member of members) {
    const longer = state === "" ? member : `${state},${member}`;
    if (longer.length > mostCharacters) break;
    state = longer;
  }
  return state === "" ? undefined : state;
}

function isMember(member: string): boolean {
  const at = member.indexOf("=");
  return at > 0 && stateKey.test(member.slice(0, at)) && stateValue.test(member.slice(at + 1));
}
