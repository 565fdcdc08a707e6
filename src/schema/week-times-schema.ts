import * as z from "zod";
import { weekTimesFaults } from "../core/week-times.ts";

const texts = z.array(z.string().max(64)).min(1).max(64);

/** Times of the week, as an option of any room: checked, and left as they were written. */
export const weekTimesSchema = z
  .strictObject({
    weekdays: texts.optional().describe("Days of the week: mon, sat, mon..fri. Absent: every day."),
    hours: texts
      .optional()
      .describe(
        "Hours: 08:00-18:00; 22:00-06:00 belongs to the day it begins on. Absent: all day.",
      ),
    dates: texts
      .optional()
      .describe("Dates: 12-24..12-26 of every year, or 2026-12-24. Absent: every date."),
    zone: z.string().max(64).optional().describe("Time zone, as Europe/Berlin. Absent: UTC."),
  })
  .superRefine((form, context) => {
    if (Object.values(form).every((field) => field === undefined))
      context.addIssue({ code: "custom", message: "says no time; give weekdays, hours or dates" });
    for (const { path, problem } of weekTimesFaults(form))
      context.addIssue({ code: "custom", path: [...path], message: problem });
  });
