/** The kinds of events on the road, their CloudEvents types and the class each is dropped by. */

/** One kind is one shape of `data`; it is also the last token of the subject. */
export type EventKind =
  | "measurement"
  | "status"
  | "rejection"
  | "gap"
  | "watermark"
  | "device"
  | "reply"
  | "alert-transition"
  | "decision";

/**
 * What is given up first when the disk is full: `rejection`, then `telemetry`, `state`, and `alarm`
 * last. What nobody could read must not push out a reading.
 */
export type RecordClass = "rejection" | "telemetry" | "state" | "alarm";

interface KindFacts {
  /** The number of the kind on disk. Final: never renumber. */
  readonly code: number;
  readonly recordClass: RecordClass;
  readonly contentType: string;
}

/** The one table of kinds. */
export const eventKinds: Readonly<Record<EventKind, KindFacts>> = {
  measurement: { code: 1, recordClass: "telemetry", contentType: "application/senml+json" },
  status: { code: 2, recordClass: "state", contentType: "application/json" },
  rejection: { code: 3, recordClass: "rejection", contentType: "application/json" },
  gap: { code: 4, recordClass: "alarm", contentType: "application/json" },
  watermark: { code: 5, recordClass: "telemetry", contentType: "application/json" },
  device: { code: 6, recordClass: "state", contentType: "application/json" },
  reply: { code: 7, recordClass: "state", contentType: "application/json" },
  "alert-transition": { code: 8, recordClass: "alarm", contentType: "application/json" },
  decision: { code: 9, recordClass: "state", contentType: "application/json" },
};

const byCode = new Map<number, EventKind>();
for (const kind of Object.keys(eventKinds))
  if (isEventKind(kind)) byCode.set(eventKinds[kind].code, kind);

export function isEventKind(text: string): text is EventKind {
  return Object.hasOwn(eventKinds, text);
}

/** The kind with this number on disk; undefined for a number no version has given out. */
export function kindOfCode(code: number): EventKind | undefined {
  return byCode.get(code);
}

/** The CloudEvents `type` of a kind: `io.sluicegate.measurement.v1`. */
export function cloudEventType(kind: EventKind): string {
  return `io.sluicegate.${kind}.v1`;
}

/** The kind behind a CloudEvents `type`. */
export function kindOfType(type: string): EventKind | undefined {
  const kind = /^io\.sluicegate\.([a-z-]+)\.v1$/.exec(type)?.[1];
  return kind !== undefined && isEventKind(kind) ? kind : undefined;
}
