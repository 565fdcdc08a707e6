import { type MessageProperties, mostPropertyBytes } from "../../core/message.ts";
import type { Publish } from "./wire.ts";

/** What the publisher added, within bounds; undefined where it is nothing. */
export function messageProperties({ properties }: Publish): MessageProperties | undefined {
  if (properties === undefined) return undefined;
  const { contentType, correlationData, responseTopic, userProperties } = properties;
  let left = mostPropertyBytes;
  const fits = (bytes: number): boolean => {
    if (bytes > left) return false;
    left -= bytes;
    return true;
  };
  const user: [string, string][] = [];
  const found = {
    ...(isText(contentType) && fits(Buffer.byteLength(contentType)) && { contentType }),
    ...(isText(responseTopic) && fits(Buffer.byteLength(responseTopic)) && { responseTopic }),
    // A copy: a part of what was read would keep all of it in memory.
    ...(correlationData instanceof Uint8Array &&
      fits(correlationData.length) && { correlationData: Uint8Array.from(correlationData) }),
  };
  for (const [name, values] of Object.entries(userProperties ?? {}))
    for (const value of Array.isArray(values) ? values : [values])
      if (isText(value) && fits(Buffer.byteLength(name) + Buffer.byteLength(value)))
        user.push([name, value]);
  if (user.length > 0) return { ...found, user };
  return Object.keys(found).length > 0 ? found : undefined;
}

/** The package gives null for a text that is not whole. */
function isText(value: unknown): value is string {
  return typeof value === "string";
}
