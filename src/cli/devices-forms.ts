/** The form of what commands about devices, profiles and ports print. */
import * as z from "zod";
import { deviceState } from "../api/shapes/device.ts";
import { quality } from "../api/shapes/parts.ts";
import { count, fileFault, ms, value, words } from "./form-parts.ts";

const unread = z.object({
  profile: z.string().optional(),
  place: z.string().optional(),
  sample: z.string(),
  count: count.optional(),
});

/** A row; what is null is not known elsewhere, what is absent not here. */
export const device = z.object({
  device: z.string(),
  state: deviceState,
  profile: z.string().nullish(),
  family: z.string().nullish(),
  configured: z.boolean(),
  intervalMs: ms.nullish(),
  everyMs: ms.nullish(),
  firstMs: ms.nullish(),
  lastMs: ms.nullish(),
  changedMs: ms.nullish(),
  events: count,
  rejected: count,
  repeats: count,
  link: z.string().nullish(),
});

const reading = z.object({
  name: z.string(),
  value,
  unit: z.string().nullish(),
  quality,
  timeMs: ms,
  receivedMs: ms,
});

const port = z.object({
  path: z.string(),
  isConsole: z.boolean(),
  name: z.string().optional(),
  byId: z.string().optional(),
  vendor: z.string().optional(),
  product: z.string().optional(),
  serialNumber: z.string().optional(),
  usedBy: z.string().optional(),
});

const tried = z.object({
  topic: z.string(),
  /** Why nothing is made of it, where that is as it should be. */
  passedOver: z.string().nullable(),
  events: z.array(
    z.object({
      kind: z.string(),
      device: z.string().nullable(),
      /** Null where no profile reads it. */
      profile: z.string().nullable(),
      timeMs: ms,
      clock: z.enum(["device", "gateway", "unsynced"]),
      misfits: z.unknown(),
      data: z.unknown(),
    }),
  ),
  unread: z.array(z.object({ place: z.string(), sample: z.string() })),
  others: z.array(z.object({ profile: z.string(), values: count, left: count })),
});

const rejected = z.object({
  id: z.string(),
  receivedMs: ms,
  device: z.string().nullish(),
  code: z.string(),
  reason: z.string(),
  topic: z.string().nullish(),
  payload: z.string().nullish(),
  profile: z.string().nullish(),
});

/** What became of rejected messages that were read once more. */
const readAgain = z.object({
  read: count,
  rejected: count,
  passedOver: count,
  unusable: count,
  samples: z.array(z.looseObject({ id: z.string(), now: z.string() })),
});

export const devicesForms = {
  "devices/1": z.object({ devices: z.array(device), total: count, more: z.boolean() }),
  "device/1": z.object({
    device: device.extend({
      topic: z.string().nullish(),
      cause: z.string().nullish(),
      tags: words,
      attrs: words,
      values: z.array(reading),
      misfits: z.array(z.object({ reason: z.string(), count })),
      unread: z.array(z.looseObject({ sample: z.string() })),
      description: z.unknown().optional(),
    }),
    commands: z.array(z.looseObject({ name: z.string(), params: z.array(z.looseObject({})) })),
    description: z.unknown().optional(),
    /** What is not known elsewhere, in words. */
    notKnown: z.array(z.string()).optional(),
  }),
  "unread/1": z.object({ unread: z.array(unread), misfits: z.array(z.looseObject({})) }),
  "unknown-topics/1": z.object({
    topics: z.array(
      z.object({
        topic: z.string(),
        firstMs: ms,
        lastMs: ms,
        count,
        samples: z.array(z.string()),
        /** The profile that reads most of it, and whether that is all. */
        suggested: z.string().optional(),
        reads: z.boolean().optional(),
      }),
    ),
    total: count,
  }),
  "rejected/1": z.object({
    groups: z.array(
      z.object({
        code: z.string(),
        profile: z.string().nullish(),
        topic: z.string().nullish(),
        count,
        notKept: count,
        reason: z.string(),
        id: z.string(),
        firstMs: ms,
        lastMs: ms,
      }),
    ),
    complete: z.boolean(),
  }),
  "rejected-messages/1": z.object({ messages: z.array(rejected), complete: z.boolean() }),
  "read-again/1": readAgain.extend({
    more: z.boolean().optional(),
    complete: z.boolean().optional(),
    discarded: count.optional(),
    decidedSeq: count.optional(),
  }),
  "discarded/1": z.object({
    discarded: count,
    more: z.boolean().optional(),
    complete: z.boolean().optional(),
    decidedSeq: count.optional(),
    ...readAgain.partial().shape,
  }),
  "profiles/1": z.object({
    profiles: z.array(
      z.object({ profile: z.string(), family: z.string().optional(), topics: z.array(z.string()) }),
    ),
  }),
  "profile-test/1": z.object({
    holds: z.boolean(),
    profiles: z.array(z.string()),
    examples: count,
    faults: z.array(fileFault),
  }),
  "profile-try/1": z.object({ messages: z.array(tried) }),
  "ports/1": z.object({ ports: z.array(port) }),
  /** A line of `ports watch`. */
  "port-change/1": port.extend({ at: z.string(), change: z.enum(["plugged", "unplugged"]) }),
  /** A line of `ports watch --listen`. */
  "port-bytes/1": z.object({ at: z.string(), hex: z.string() }),
  "line-families/1": z.object({
    families: z.array(z.object({ name: z.string(), port: z.string(), about: z.string() })),
  }),
};
