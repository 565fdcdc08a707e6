import { conventionsWith } from "../../src/describe/conventions.ts";
import type { Description } from "../../src/describe/description.ts";
import { openMessage } from "../../src/describe/template/template.ts";

/** What messages that belong together describe. Throws where nobody reads them. */
export function readDescription(messages: Readonly<Record<string, string | object>>): Description {
  const texts = new Map(
    Object.entries(messages).map(([topic, message]) => [
      topic,
      typeof message === "string" ? message : JSON.stringify(message),
    ]),
  );
  const [first = ""] = texts.keys();
  const convention = conventionsWith("homeassistant").find(
    (one) => one.groupOf(first) !== undefined,
  );
  const found = convention?.read(texts);
  if (found === undefined || "problem" in found) throw new Error(JSON.stringify(found));
  return found;
}

/** Names with units and what the templates give for a message. */
export function valuesIn(
  description: Description,
  topic: string,
  payload: string | object,
): unknown {
  const text = typeof payload === "string" ? payload : JSON.stringify(payload);
  const json = typeof payload === "string" ? undefined : payload;
  const message = openMessage(text, json);
  return Object.fromEntries(
    description.readings
      .filter((reading) => reading.topic === topic)
      .map(({ name, template, unit }) => [
        unit === undefined ? name : `${name} ${unit}`,
        template(message),
      ]),
  );
}
