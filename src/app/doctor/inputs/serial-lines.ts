import type { SitePlace } from "../../../config/site/read-site-place.ts";
import { findPort } from "../../../sources/lines/find-port.ts";
import type { LineOptions } from "../../../sources/lines/options.ts";

type Line = Pick<LineOptions, "path" | "match">;

/** The serial ports that a site reads; lines over TCP are none. */
export function serialLinesOf({ config }: SitePlace): readonly Line[] {
  return config.sources.flatMap((source) => {
    if (source.kind !== "serial" && source.kind !== "modbus") return [];
    const { match, path } = source;
    return match !== undefined || path?.startsWith("/") === true ? [{ path, match }] : [];
  });
}

/** As people find it in the configuration. */
export function nameOf({ match, path }: Line): string {
  return path ?? `match ${JSON.stringify(match)}`;
}

/** Where it is plugged in; rejects with `source.unavailable` where none fits, or more than one. */
export async function pathOf({ match, path = "" }: Line, root: string): Promise<string> {
  return match === undefined ? path : findPort(match, root);
}
