/** The points of one event: lines of line protocol, none where history keeps nothing of it. */
import type { EventOf, StoredEvent } from "../core/event.ts";
import type { Extensions } from "../core/extensions.ts";
import { parseTraceParent, traceOf } from "../core/trace-context.ts";
import { fieldText } from "./field-text.ts";
import { pointTime } from "./point-time.ts";
import { samplesOf } from "./samples.ts";
import { seriesText } from "./series-text.ts";
import { tag } from "./tag-text.ts";
import { valueField } from "./value-field.ts";

/** What a database takes: VictoriaMetrics makes a zero of a text. */
export interface PointForm {
  readonly texts: boolean;
}

/** Adds the lines of an event to others. */
export function addEventPoints(lines: string[], event: StoredEvent, form: PointForm): void {
  if (event.kind === "measurement") addSamples(lines, event, form);
  else if (event.kind === "status") addState(lines, event, form);
}

type Stored<Event> = Event & Pick<StoredEvent, "origin" | "position">;

function addSamples(
  lines: string[],
  event: Stored<EventOf<"measurement">>,
  { texts }: PointForm,
): void {
  const { device, extensions, origin, position, timeMs } = event;
  const time = pointTime(timeMs, position.seq);
  const trace = texts && extensions !== undefined ? traceField(extensions) : "";
  for (const sample of samplesOf(event)) {
    const { value } = sample;
    if (typeof value === "string" && !texts) continue;
    lines.push(`${seriesText(origin, device ?? "", sample)} ${valueField(value)}${trace} ${time}`);
  }
}

/** A field behind the value, never a tag: each trace would be a series of its own. */
function traceField(extensions: Extensions): string {
  const trace = traceOf(extensions);
  const id = trace && parseTraceParent(trace.traceparent)?.traceId;
  return id === undefined ? "" : `,trace="${id}"`;
}

/** A device or a link came or went. */
function addState(
  lines: string[],
  { data, device, origin, position, timeMs }: Stored<EventOf<"status">>,
  { texts }: PointForm,
): void {
  const { cause, client, state, text } = data;
  const isKnown = state === "online" || state === "offline";
  const fields = isKnown ? [`online=${state === "online"}`] : [];
  if (texts) {
    fields.push(`state=${fieldText(String(state))}`, `cause=${fieldText(String(cause))}`);
    if (client !== undefined) fields.push(`client=${fieldText(String(client))}`);
    if (text !== undefined) fields.push(`text=${fieldText(String(text))}`);
  }
  if (fields.length === 0) return;
  const { gateway, site } = origin;
  const tags = `${tag("device", device ?? "")}${tag("gateway", gateway)}${tag("site", site)}`;
  lines.push(`states${tags} ${fields.join(",")} ${pointTime(timeMs, position.seq)}`);
}
