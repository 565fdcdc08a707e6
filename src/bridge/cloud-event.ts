/** CloudEvents taken apart, for bindings that write attributes beside the data (binary mode). */
import { isObject } from "../core/is-object.ts";

/** What stands in front of the data of our own events, and nowhere before it. */
const dataMark = ',"data":';

export interface CloudEventParts {
  /** All context attributes but `datacontenttype`, as text, in their order. */
  readonly attributes: readonly (readonly [name: string, value: string])[];
  /** `datacontenttype`. */
  readonly contentType: string;
  /** The data as it is written: numbers that no number of JavaScript is stay what they are. */
  readonly data: string;
}

/** As CloudEvents has them (1.0.2, 3.1); what is named otherwise is none, whoever wrote it. */
const attributeName = /^[a-z0-9]{1,64}$/;

/** The media type of a whole event. */
export const structuredType = "application/cloudevents+json; charset=utf-8";

/** Takes an event of ours apart; the text is JSON of an object. */
export function partsOf(text: string): CloudEventParts {
  const { data, ...attributes } = splitEvent(text);
  let contentType = "application/json";
  const named: (readonly [string, string])[] = [];
  for (const [name, value] of Object.entries(attributes.names)) {
    if (typeof value === "object" || !attributeName.test(name)) continue;
    if (name === "datacontenttype") contentType = String(value);
    else named.push([name, String(value)]);
  }
  return { attributes: named, contentType, data };
}

interface SplitEvent {
  readonly names: Readonly<Record<string, unknown>>;
  readonly data: string;
}

/**
 * Attributes are no objects, so what stands first as `,"data":` is the data, and in an event that we
 * wrote nothing follows it. Any other order of JSON is parsed whole.
 */
function splitEvent(text: string): SplitEvent {
  const at = text.indexOf(dataMark);
  if (at > 0 && text.endsWith("}")) {
    const names = parsed(`${text.slice(0, at)}}`);
    const data = text.slice(at + dataMark.length, -1);
    if (isObject(names) && parsed(data) !== undefined) return { names, data };
  }
  const whole = parsed(text);
  if (!isObject(whole)) return { names: {}, data: text };
  const { data = null, ...names } = whole;
  return { names, data: JSON.stringify(data) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
