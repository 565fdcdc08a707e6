/** Who is signed in, and what this process can show. */
import * as z from "zod";

export const consoleRole = z.enum(["viewer", "operator", "admin"]);

export const me = z.strictObject({
  name: z.string(),
  role: consoleRole,
  /** `session` of a browser, or `token` of a program. */
  by: z.enum(["session", "token"]),
  version: z.string(),
  site: z.string(),
  /** The gateway of this process; null where it runs none. */
  gateway: z.string().nullable(),
  /** Roles of this process. */
  roles: z.array(z.string()),
  /** `hub`: of all gateways, out of the streams; `gateway`: of this one only. */
  shows: z.enum(["hub", "gateway"]),
});
export type Me = z.infer<typeof me>;
