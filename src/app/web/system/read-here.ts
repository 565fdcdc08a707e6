/**
 * How far roles of this process have read, by what they say of themselves: what they saved on the
 * backbone is some seconds old.
 */
import { isObject } from "../../../core/is-object.ts";

/** The place by `<reader> <stream>`, with the names that `saved-readers.ts` gives. */
export function readHere(
  processor: object | undefined,
  historian: object | undefined,
): ReadonlyMap<string, number> {
  const places = new Map<string, number>();
  for (const partition of listIn(processor, "partitions"))
    for (const gateway of listIn(partition, "gateways"))
      note(places, `processor ${String(partition["partition"])}`, gateway);
  for (const gateway of listIn(historian, "gateways")) note(places, "historian", gateway);
  return places;
}

type Plain = Readonly<Record<string, unknown>>;

function note(places: Map<string, number>, reader: string, { readUpTo, stream }: Plain): void {
  if (typeof readUpTo === "number") places.set(`${reader} ${String(stream)}`, readUpTo);
}

function listIn(value: unknown, name: string): readonly Plain[] {
  const list = isObject(value) ? value[name] : undefined;
  return Array.isArray(list) ? list.filter(isObject) : [];
}
