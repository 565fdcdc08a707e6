/** The way of whatever has an id: an event, a transition of an alert, a command, what a person did. */
import type { StoredEvent } from "../core/event.ts";
import { type EventId, eventIdOf, parseEventId } from "../core/ids.ts";
import { escapeToken } from "../core/token.ts";
import { parseTraceParent } from "../core/trace-context.ts";
import type { PastEntry } from "./past-entry.ts";
import { Trail, type Way } from "./way.ts";
import {
  addEdgeHops,
  addHubHops,
  type FoundEvent,
  goneFromStream,
  nobodyAsked,
  notForwarded,
} from "./way-of-event.ts";
import { addOtherHops } from "./way-of-others.ts";
import type { BackboneSources, LoggedEvent, WaySources } from "./way-sources.ts";

/**
 * Undefined where nobody who was asked has anything of that id. Rejects with `stream.unavailable` where
 * the backbone goes away meanwhile.
 */
export async function wayOf(id: string, sources: WaySources): Promise<Way | undefined> {
  const { backbone } = sources;
  const logged = parseEventId(id) ? await sources.logged(id as EventId) : undefined;
  const entry = typeof backbone === "string" ? undefined : await backbone.find(id);
  if (entry === undefined) return logged && wayOfLogged(id, logged, backbone);
  if (typeof backbone === "string") return undefined;
  return "event" in entry.told
    ? wayOfEvent(id, entry, entry.told.event, logged, backbone)
    : wayOfOther(id, entry, sources, backbone);
}

async function wayOfEvent(
  id: string,
  entry: PastEntry,
  event: StoredEvent,
  logged: LoggedEvent | undefined,
  backbone: BackboneSources,
): Promise<Way> {
  const trail = new Trail();
  const notes = notesOf(event);
  const { message } = entry;
  addEdgeHops(trail, { event, logged, message, isUnreachable: false });
  await addHubHops(trail, event, message, backbone, notes);
  return wayWith(id, entry, event.kind, trail, notes, traceIdOf(event));
}

/** Nobody but its gateway has it, or nobody else could be asked. */
function wayOfLogged(id: string, logged: LoggedEvent, backbone: BackboneSources | string): Way {
  const { event, text } = logged;
  const trail = new Trail();
  const isUnreachable = typeof backbone === "string";
  addEdgeHops(trail, { event, logged, message: undefined, isUnreachable });
  for (const hop of ["processed", "alert", "notified", "history"] as const)
    trail.add(
      logged.forwarded
        ? { hop, state: "unknown", text: isUnreachable ? nobodyAsked : goneFromStream }
        : { hop, state: "ahead", text: notForwarded },
    );
  const notes = notesOf(event);
  if (isUnreachable) notes.push(`the backbone cannot be asked: ${backbone}`);
  const { device, kind, origin } = event;
  const facts = { site: origin.site, gateway: origin.gateway, device, text };
  return wayWith(id, facts, kind, trail, notes, traceIdOf(event));
}

async function wayOfOther(
  id: string,
  entry: PastEntry,
  { logged }: WaySources,
  backbone: BackboneSources,
): Promise<Way> {
  const trail = new Trail();
  const notes: string[] = [];
  const cause = await causeOf(entry, backbone);
  if (cause) {
    const { origin, position } = cause.event;
    const causeId = eventIdOf(origin.gateway, position.run, position.seq);
    const own = await logged(causeId);
    notes.push(
      `hops up to the stream of the gateway are those of the event ${causeId}, in which it was found`,
    );
    addEdgeHops(trail, { ...cause, logged: own });
  }
  const readUpTo = "transition" in entry.told ? entry.told.transition.read_up_to : undefined;
  if (!cause && readUpTo !== undefined)
    notes.push(`no stream holds the event ${readUpTo} any more, in which it was found`);
  await addOtherHops(trail, entry, backbone, notes);
  const traced = "transition" in entry.told ? entry.told.transition.traceparent : undefined;
  return wayWith(
    id,
    entry,
    entry.told.kind,
    trail,
    notes,
    traced === undefined ? null : traceId(traced),
  );
}

/** The event that an alert was found in. */
async function causeOf(
  { told }: PastEntry,
  backbone: BackboneSources,
): Promise<Omit<FoundEvent, "logged"> | undefined> {
  const id = "transition" in told ? told.transition.read_up_to : undefined;
  const found = id === undefined ? undefined : await backbone.find(id);
  if (!found || !("event" in found.told)) return undefined;
  return { event: found.told.event, message: found.message, isUnreachable: false };
}

function wayWith(
  id: string,
  { device, gateway, site, text }: Pick<PastEntry, "device" | "gateway" | "site" | "text">,
  kind: string,
  trail: Trail,
  notes: string[],
  trace: string | null,
): Way {
  const deviceKey =
    gateway === null || device === null ? null : [site, gateway, device].map(escapeToken).join(".");
  const data: unknown = JSON.parse(text);
  return {
    event: id,
    kind,
    site,
    gateway,
    device,
    deviceKey,
    hops: trail.hops,
    trace,
    data,
    notes,
  };
}

function traceIdOf({ extensions }: StoredEvent): string | null {
  const said = extensions?.["traceparent"];
  return typeof said === "string" ? traceId(said) : null;
}

function traceId(text: string): string | null {
  return parseTraceParent(text)?.traceId ?? null;
}

/** What is to be known of its times. */
function notesOf({ clock, extensions = {}, origin }: StoredEvent): string[] {
  const notes: string[] = [];
  if (clock === "unsynced")
    notes.push(`gateway ${origin.gateway} did not know the time: its times are worth nothing`);
  if (extensions["retained"] === true)
    notes.push("a broker had kept the message: it was said some time before it was received");
  if (extensions["stale"] === true)
    notes.push("its time is not newer than that of the message before it: it may be a copy");
  const rejection = extensions["reprocessed"];
  if (typeof rejection === "string")
    notes.push(`it was made of the rejection ${rejection}, later: hops before that are its own`);
  return notes;
}
