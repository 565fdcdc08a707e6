/**
 * What a rule says about the handling of its alerts. Nothing of it changes when one fires: it travels
 * with each transition, as far as it differs from the usual.
 */
import * as z from "zod";
import type { AlertHandling, Severity } from "../../core/alert.ts";
import { durationText } from "./duration-text.ts";

const usualFlapping = { changes: 6, within: 600_000 };
const shortestRepeatMs = 60_000;
const longestMs = 30 * 86_400_000;

const name = z.string().min(1).max(128);
const names = z.array(name).min(1).max(32);

const period = durationText.refine((ms) => ms >= shortestRepeatMs && ms <= longestMs, {
  message: "is out of range; write 1m to 30d",
});

/** The fields of a rule that handle, beside those that evaluate. */
export const handlingFields = {
  runbook_url: z
    .url({ protocol: /^https?$/, error: "is no address of a page; write https://..." })
    .max(2048)
    .optional(),
  latch: z.boolean().optional(),
  ack_required: z.boolean().optional(),
  renotify_every: period.optional(),
  flapping: z
    .union([
      z.literal("off"),
      z.strictObject({
        changes: z.int().min(3).max(1_000).default(usualFlapping.changes),
        within: period.default(usualFlapping.within),
      }),
    ])
    .optional(),
  suppressed_by: z
    .array(
      z.strictObject({
        alert: z
          .string()
          .regex(
            /^(?:[a-z][a-z0-9_]*\/)?[A-Za-z_][A-Za-z0-9_]*$/,
            "is not a name of an alert; write GatewayOffline or cold_chain/DoorOpen",
          ),
        equal: names,
      }),
    )
    .min(1)
    .max(32)
    .optional(),
  notify: names.optional(),
};

const fields = z.object(handlingFields);

/** Undefined where all is as usual. `severity` is that of the rule, if it has one for all levels. */
export function handlingOf(
  text: z.output<typeof fields>,
  severity: Severity | undefined,
): AlertHandling | undefined {
  const { ack_required, flapping, latch, notify, renotify_every, runbook_url } = text;
  const usualAck = severity === undefined ? undefined : severity === "critical";
  const isUsualFlapping =
    flapping === undefined ||
    (flapping !== "off" &&
      flapping.changes === usualFlapping.changes &&
      flapping.within === usualFlapping.within);
  const handling: AlertHandling = {
    ...(latch && { latch }),
    ...(ack_required !== undefined && ack_required !== usualAck && { ack_required }),
    ...(renotify_every !== undefined && { renotify_every_ms: renotify_every }),
    ...(!isUsualFlapping && {
      flapping:
        flapping === "off" ? flapping : { changes: flapping.changes, within_ms: flapping.within },
    }),
    ...(text.suppressed_by && { suppressed_by: text.suppressed_by }),
    ...(notify && { notify }),
    ...(runbook_url !== undefined && { runbook_url }),
  };
  return Object.keys(handling).length > 0 ? handling : undefined;
}
