/** Which servers can be a backbone. */
import { GatewayError } from "../core/errors.ts";

/** Those before take settings of streams that they do not know, and drop them in silence. */
const oldest = [2, 9] as const;

/**
 * Throws `stream.unavailable` for a server that is too old; what newer ones can do is used nowhere.
 * One that does not say its version is taken.
 */
export function checkServerVersion(server: string, version: string): void {
  const [, major, minor] = /^(\d+)\.(\d+)/.exec(version) ?? [];
  if (major === undefined || Number(major) > oldest[0]) return;
  if (Number(major) === oldest[0] && Number(minor) >= oldest[1]) return;
  throw new GatewayError(
    "stream.unavailable",
    `the nats-server at ${server} is version ${version}, which drops settings of streams that it does ` +
      `not know; install ${oldest.join(".")} or newer there`,
  );
}
