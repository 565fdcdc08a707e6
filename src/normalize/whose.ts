/** Whom a message, or one of its members, is from. */
import type { Catalog } from "./catalog.ts";
import type { KnownDevice } from "./known-device.ts";
import type { Misfit } from "./misfit.ts";
import { type Path, readPath } from "./paths/path.ts";
import type { ReadingRoute } from "./route.ts";
import type { Captures } from "./topics/topic-template.ts";

/**
 * The device that the message names, by a value in it or by the key of the member; where it names
 * none, that of the topic.
 */
export function whoseMember(
  catalog: Catalog,
  route: ReadingRoute,
  value: unknown,
  whole: unknown,
  words: Captures,
): KnownDevice | Misfit {
  const { asksMessage, device, profile } = route;
  if (device !== undefined && !asksMessage) return device;
  const isKey = profile.each.some(({ key }) => key === "device");
  const word =
    readFirst(profile.devicePaths, value, whole) ?? (isKey ? words.get("device") : undefined);
  if (word !== undefined) return catalog.identify(word, profile, words);
  if (device !== undefined) return device;
  const paths = profile.devicePaths.map(({ text }) => text).join(" or ");
  return { code: "bad-device", reason: `nothing says whom it is from${paths && `: no ${paths}`}` };
}

/** The first that is a text or a number, as a text; an empty one says nothing. */
export function readFirst(
  paths: readonly Path[],
  value: unknown,
  whole: unknown,
): string | undefined {
  for (const path of paths) {
    const found = readPath(path, value, whole);
    if (typeof found === "number" || (typeof found === "string" && found !== ""))
      return String(found);
  }
  return undefined;
}
