/** What people type to say which entries of the past they mean. */
import { GatewayError } from "../core/errors.ts";
import { eventKinds, isEventKind } from "../core/event-kind.ts";
import { suggest } from "../core/suggest.ts";
import type { EntryFilter, PastKind } from "../past/entry-filter.ts";
import { otherStreams } from "../past/other-streams.ts";
import type { ServerOptions } from "./servers-of.ts";
import { timeFlag } from "./time-flag.ts";

export interface EntryOptions extends ServerOptions {
  readonly device?: string;
  readonly gateway?: string;
  readonly site?: string;
  readonly metric?: string;
  readonly kind?: string;
  readonly since?: string;
  readonly until?: string;
  readonly follow?: boolean;
}

export function entryFilterOf(options: EntryOptions, usual: EntryFilter): EntryFilter {
  const { device, gateway, kind, metric, since, site, until } = options;
  const filter = {
    ...{ device, gateway, site, metric },
    kinds: kind === undefined ? usual.kinds : kindsOf(kind),
    sinceMs: since === undefined ? usual.sinceMs : timeFlag("--since", since),
    untilMs: until === undefined ? usual.untilMs : timeFlag("--until", until),
  };
  if (filter.sinceMs >= filter.untilMs)
    throw new GatewayError("usage", `--until ${until} is not after --since ${since ?? ""}`);
  return filter;
}

/** How many lines; undefined for all. */
export function limitFlag(text: string | undefined): number | undefined {
  const limit = text === undefined ? undefined : Number(text);
  if (limit === undefined || (Number.isInteger(limit) && limit > 0)) return limit;
  throw new GatewayError("usage", `--limit ${text}: write a whole number above 0`);
}

const kindNames = [...Object.keys(eventKinds), ...Object.keys(otherStreams)];

function kindsOf(text: string): ReadonlySet<PastKind> {
  return new Set(text.split(",").map((name) => kindOf(name.trim())));
}

function kindOf(name: string): PastKind {
  if (isEventKind(name)) return name;
  if (isOther(name)) return name;
  const meant = suggest(name, kindNames);
  const hint = meant ? `did you mean ${meant}?` : `there are ${kindNames.join(", ")}`;
  throw new GatewayError("usage", `--kind ${name}: no kind is named so; ${hint}`);
}

function isOther(name: string): name is keyof typeof otherStreams {
  return Object.hasOwn(otherStreams, name);
}
