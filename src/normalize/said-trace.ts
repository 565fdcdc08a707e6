/** The trace that a message says it belongs to: in properties of MQTT 5, else in fields of its own. */
import type { RawMessage } from "../core/message.ts";
import { parseTraceParent, parseTraceState } from "../core/trace-context.ts";
import { isRecord } from "./paths/path.ts";

/** Names of the properties, and of the fields of the outermost object or of a member. */
export const parentField = "traceparent";
export const stateField = "tracestate";

export interface SaidTrace {
  /** As attributes of an event; absent where there is no trace. */
  readonly attributes?: { readonly traceparent: string; readonly tracestate?: string };
  /** What was said and is none, for people. Without the values, which may differ every time. */
  readonly problems: readonly string[];
}

/** True for a field of a message that is looked at here and nowhere else. */
export function isTraceField(key: string, value: unknown): boolean {
  return (key === parentField || key === stateField) && typeof value === "string";
}

/**
 * Undefined where the message says nothing of a trace. What the property says goes before the field of
 * a member, and that before the field of the whole message.
 */
export function saidTrace(
  { attributes: { properties } }: RawMessage,
  member?: unknown,
  whole: unknown = member,
): SaidTrace | undefined {
  const user = properties?.user;
  const ofUser = user?.some(([name]) => name === parentField || name === stateField);
  const ofMember = isSaid(member);
  const ofWhole = whole !== member && isSaid(whole);
  if (!ofUser && !ofMember && !ofWhole) return undefined;
  const said = [
    ...(user !== undefined && ofUser ? [ofProperties(user)] : []),
    ...(ofMember ? [ofFields(member)] : []),
    ...(ofWhole ? [ofFields(whole)] : []),
  ];
  const problems: string[] = [];
  for (const { parents, states } of said) {
    const [text = "", ...others] = parents;
    const parent = others.length === 0 ? parseTraceParent(text) : undefined;
    if (parent === undefined) {
      problems.push(parents.length === 0 ? stateAlone : noParent);
      continue;
    }
    if (states.length === 0) return { attributes: { traceparent: parent.text }, problems };
    const tracestate = parseTraceState(states.join(","));
    return tracestate === undefined
      ? { attributes: { traceparent: parent.text }, problems: [...problems, noState] }
      : { attributes: { traceparent: parent.text, tracestate }, problems };
  }
  return { problems };
}

const noParent = `${parentField} is none by W3C Trace Context, and was left out`;
const noState = `${stateField} is none by W3C Trace Context, and was left out`;
const stateAlone = `${stateField} came without ${parentField}, and was left out`;

interface Said {
  readonly parents: readonly string[];
  readonly states: readonly string[];
}

type Fields = Readonly<Record<string, unknown>>;

/** One name may come several times: states are then one list, parents are none. */
function ofProperties(user: readonly (readonly [string, string])[]): Said {
  const named = (wanted: string): string[] =>
    user.flatMap(([name, value]) => (name === wanted ? [value] : []));
  return { parents: named(parentField), states: named(stateField) };
}

function ofFields(fields: Fields): Said {
  const texts = (key: string): string[] => {
    const value = fields[key];
    return typeof value === "string" ? [value] : [];
  };
  return { parents: texts(parentField), states: texts(stateField) };
}

function isSaid(value: unknown): value is Fields {
  return (
    isRecord(value) &&
    (typeof value[parentField] === "string" || typeof value[stateField] === "string")
  );
}
