import { isRecord } from "../paths/path.ts";

/** A value in a few characters, and in little time however large and deep it is. */
export function sketch(value: unknown, depth = 0): string {
  if (typeof value === "string") return JSON.stringify(cut(value, 32));
  if (!isRecord(value)) return String(value);
  const isList = Array.isArray(value);
  if (depth === 3) return isList ? "[…]" : "{…}";
  const parts: string[] = [];
  for (const key in value) {
    if (parts.length === 8) {
      parts.push("…");
      break;
    }
    const member = sketch(value[key], depth + 1);
    parts.push(isList ? member : `${JSON.stringify(cut(key, 32))}:${member}`);
  }
  return isList ? `[${parts.join(",")}]` : `{${parts.join(",")}}`;
}

function cut(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length)}…` : text;
}
