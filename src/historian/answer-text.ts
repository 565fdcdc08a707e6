/**
 * What a database says in the body of a refusal: InfluxDB in JSON, `error` in 1.x and 3.x and `message` in
 * 2.x; 3.x says of each line beside it what is wrong.
 */
import { isObject } from "../core/is-object.ts";

/** Undefined for any other body, such as a page of a proxy: nothing in that is about points. */
export function databaseErrorIn(body: string): string | undefined {
  const value = parsed(body);
  if (!isObject(value)) return undefined;
  const said = value["error"] ?? value["message"];
  if (typeof said !== "string") return undefined;
  const { data } = value;
  const first: unknown = Array.isArray(data) ? data[0] : data;
  const why = isObject(first) ? first["error_message"] : undefined;
  return typeof why === "string" ? `${said}: ${why}` : said;
}

const errorPart = /^\s*\{"(?:error|message)"\s*:\s*"((?:[^"\\]|\\.)*)/;

/** Of a body that was too long to be read whole, the error as far as it goes. */
function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    const begun = errorPart.exec(body)?.[1];
    return begun === undefined ? undefined : { error: begun };
  }
}
