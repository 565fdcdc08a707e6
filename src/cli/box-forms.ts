/** The form of what commands print about a process, its machine and its files. */
import * as z from "zod";
import { deviceRow } from "../api/shapes/device.ts";
import { linkWord, statusRow } from "../api/shapes/status.ts";
import { device } from "./devices-forms.ts";
import { count, fileFault, ms } from "./form-parts.ts";

/** What a gateway says of itself; more than this is for people who know its rooms. */
const gateway = z.looseObject({
  site: z.string(),
  gateway: z.string(),
  uptimeMs: ms,
  link: z.looseObject({ kind: z.string(), word: linkWord.optional(), since: ms }),
  buffer: z.looseObject({ waitingRecords: count, sizeBytes: count, maxBytes: count }),
  flow: z.looseObject({ received: count, rejected: count }),
  droppedBefore: count,
  devices: count,
  sources: z.array(z.looseObject({ name: z.string(), address: z.string(), holding: z.boolean() })),
});

const role = z.looseObject({});

const records = z.record(z.string(), count);

const finding = z.object({
  check: z.string(),
  group: z.string(),
  verdict: z.enum(["ok", "warning", "error", "skipped"]),
  what: z.string(),
  about: z.string().optional(),
  why: z.string().optional(),
  next: z.string().optional(),
  tookMs: ms,
});

export const boxForms = {
  /** A member for each role that answers. */
  "status/1": z.object({
    version: z.string(),
    web: z.string().optional(),
    gateway: gateway.optional(),
    processor: role.optional(),
    notifier: role.optional(),
    historian: role.optional(),
    bridge: role.optional(),
    console: role.optional(),
  }),
  /** `status` of a gateway or hub elsewhere: a row of its API. */
  "remote-status/1": z.object(statusRow.shape),
  /** `top` of one elsewhere: rows of its API. */
  "remote-top/1": z.object({
    atMs: ms,
    status: z.object(statusRow.shape),
    alerts: z.unknown(),
    attention: z.array(deviceRow),
  }),
  "top/1": z.object({
    at: z.string(),
    stale: z.object({ since: z.string(), reason: z.string() }).optional(),
    gateway: gateway.optional(),
    devices: z.array(device),
    hubAnswers: z.boolean(),
    alerts: z.array(
      z.looseObject({ severity: z.string(), rule: z.string(), since: z.string().optional() }),
    ),
  }),
  "validate/1": z.object({
    errors: count,
    warnings: count,
    files: count,
    faults: z.array(fileFault),
  }),
  "doctor/1": z.object({
    ok: count,
    warnings: count,
    errors: count,
    skipped: count,
    tookMs: ms,
    findings: z.array(finding),
  }),
  "doctor-checks/1": z.object({
    checks: z.array(z.object({ id: z.string(), group: z.string(), asks: z.string() })),
  }),
  "config/1": z.object({
    file: z.string(),
    values: z.array(z.object({ path: z.string(), value: z.string(), origin: z.string() })),
  }),
  "config-diff/1": z.object({
    changes: z.array(
      z.object({
        path: z.string(),
        running: z.string(),
        file: z.string(),
        counts: z.string(),
      }),
    ),
  }),
  "buffer/1": z.object({
    folder: z.string(),
    gatewayHash: z.string().optional(),
    locked: z.boolean(),
    segments: z.array(
      z.looseObject({ file: z.string(), state: z.string(), bytes: count, records }),
    ),
    runs: z.array(z.object({ run: z.string(), firstSeq: count, lastSeq: count, records: count })),
    records,
    bytes: count,
    confirmed: z.object({ run: z.string(), seq: count, streamSeq: count }).optional(),
    settledSeq: count.optional(),
    waitingRecords: count,
    gaps: z.array(z.looseObject({ run: z.string(), from: count, to: count, count })),
    keys: z.array(z.looseObject({})),
    identities: z.object({ devices: count, messages: count }),
    quarantine: z.object({ files: count, bytes: count }),
  }),
  "buffer-verify/1": z.looseObject({
    folder: z.string(),
    clean: z.boolean(),
    damages: z.array(z.looseObject({})),
    moreDamages: z.number(),
    lostRecords: z.number(),
    segments: count,
    records: count,
    bytes: count,
    missingKeys: z.array(z.string()),
  }),
  "audit/1": z.object({
    entries: z.array(
      z.looseObject({
        at: z.string(),
        action: z.string(),
        by: z.string(),
        outcome: z.string(),
        target: z.string().nullish(),
      }),
    ),
  }),
  "audit-verdict/1": z.object({
    whole: z.boolean(),
    logs: z.array(
      z.looseObject({
        name: z.string(),
        entryCount: count,
        faultCount: count,
        faults: z.array(z.looseObject({ kind: z.string(), file: z.string(), text: z.string() })),
        mark: z.string().nullable(),
        end: z.string().nullable(),
      }),
    ),
  }),
  "backbone-prepare/1": z.object({
    dryRun: z.boolean(),
    parts: z.array(
      z.looseObject({ name: z.string(), state: z.string(), notes: z.array(z.string()) }),
    ),
  }),
};
