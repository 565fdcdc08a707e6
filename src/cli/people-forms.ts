/** The form of what commands print about people, programs, and the program itself. */
import * as z from "zod";
import { consoleRole } from "../api/shapes/me.ts";
import { count } from "./form-parts.ts";

export const peopleForms = {
  /** What `--dry-run` says of commands that have no more to say. */
  "dry-run/1": z.object({ would: z.string() }),
  "users/1": z.object({
    users: z.array(
      z.object({
        user: z.string(),
        device: z.string().nullable(),
        by: z.enum(["certificate", "password"]),
        publish: z.array(z.string()),
        subscribe: z.array(z.string()),
      }),
    ),
  }),
  "console-users/1": z.object({
    users: z.array(z.object({ name: z.string(), role: consoleRole })),
  }),
  "console-links/1": z.object({ links: z.array(z.string()) }),
  "tokens/1": z.object({
    tokens: z.array(
      z.object({ name: z.string(), role: consoleRole, until: z.string().nullable() }),
    ),
  }),
  /** A new one, which nothing keeps but whoever reads this. */
  "token/1": z.object({
    name: z.string(),
    role: consoleRole,
    until: z.string().nullable(),
    token: z.string(),
  }),
  "contexts/1": z.object({
    contexts: z.array(
      z.object({ name: z.string(), url: z.string(), current: z.boolean(), ca: z.boolean() }),
    ),
  }),
  "explanation/1": z.object({
    code: z.string(),
    explanations: z.array(
      z.object({ kind: z.string(), means: z.string(), why: z.string(), next: z.string() }),
    ),
  }),
  "explanations/1": z.object({
    codes: z.array(z.object({ code: z.string(), kind: z.string(), means: z.string() })),
  }),
  "version/1": z.object({
    version: z.string(),
    node: z.string(),
    platform: z.string(),
    buffer: count,
    files: z.record(z.string(), count),
    api: z.string(),
    cloudevents: z.string(),
  }),
};
