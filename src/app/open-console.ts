/** The role `console`: what the page shows of all gateways, out of the streams. */
import type { OpenRole } from "./role.ts";

export const openConsole: OpenRole = async () => ({
  status: () => ({}),
  stop: async () => {},
});
