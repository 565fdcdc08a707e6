/** The form of what commands about alerts print. */
import * as z from "zod";
import { alertRow, displayState } from "../api/shapes/alert.ts";
import { count, ms, transition } from "./form-parts.ts";

const said = z.object({ by: z.string(), storedMs: ms, reason: z.string().optional() });

/** What a person did about an alert, as it is stored. */
const action = z.object({
  id: z.string(),
  verb: z.string(),
  site: z.string(),
  instance: z.string(),
  by: z.string(),
  at: z.string(),
  reason: z.string().optional(),
  until: z.string().optional(),
});

export const alert = z.object({
  instance: z.string(),
  site: z.string(),
  state: displayState,
  isFiring: z.boolean(),
  ackRequired: z.boolean(),
  isLatched: z.boolean(),
  isFlapping: z.boolean(),
  /** Since when it fires. */
  standingSince: z.string().optional(),
  /** The last change; absent where only what people did is known. */
  alert: transition.optional(),
  acked: said.optional(),
  shelf: said.extend({ until: z.string(), once: z.boolean() }).optional(),
  outOfService: said.optional(),
});

const chapter = z.object({
  transition: transition.optional(),
  action: action.optional(),
  storedMs: ms.optional(),
});

export const alertsForms = {
  "alerts/1": z.object({ alerts: z.array(alert) }),
  "alert/1": z.object({ alert, story: z.array(chapter.extend({ streamSeq: count })) }),
  /** A line of `alerts watch`. */
  "alert-chapter/1": chapter,
  "alert-actions/1": z.object({ actions: z.array(action) }),
  "alert-figures/1": z.object({
    since: z.string(),
    activations: count,
    perHour: z.number(),
    floodShare: z.number(),
    top: z.array(
      z.object({
        instance: z.string(),
        rule: z.string(),
        labels: z.record(z.string(), z.string()),
        activations: count,
      }),
    ),
    topShare: z.number(),
    chattering: z.array(z.looseObject({})),
    standing: z.array(alert),
    meanAckMs: ms.optional(),
  }),
  /** `alerts ls` of a gateway or hub elsewhere: rows of its API. */
  "alert-rows/1": z.object({ alerts: z.array(alertRow) }),
  "alert-acts/1": z.object({
    verb: z.string(),
    actions: z.array(z.looseObject({ instance: z.string() })),
  }),
};
