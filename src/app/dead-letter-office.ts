/** Dead letters of a site, joined by hand for commands: found on the backbone, and sent again. */
import type { LoadedSite } from "../config/site/load-site.ts";
import type { SiteFiles } from "../config/site/site-files.ts";
import { GatewayError } from "../core/errors.ts";
import { silentLogger } from "../core/logger.ts";
import { createAttemptLog } from "../notify/attempt-log.ts";
import { type DeadLetter, DeadLetters, resend } from "../notify/dead-letters.ts";
import { openReceiver } from "../notify/open-receiver.ts";
import type { Delivery } from "../notify/receiver.ts";
import { connectInTime } from "../stream/connect-in-time.ts";
import { readAttempts } from "../stream/notify-log.ts";
import { createLineOutput } from "../telemetry/line-output.ts";
import { openBackboneFor } from "./open-backbone-for.ts";
import { receiverSurroundings } from "./receiver-surroundings.ts";
import { siteBackboneOptions } from "./site-backbone.ts";
import { systemClock } from "./system-clock.ts";

/** How long the backbone is waited for. */
const timeoutMs = 5_000;

export interface DeadLetterOffice {
  readonly letters: readonly DeadLetter[];
  /** Sends one again and notes how that went; undefined where nobody knows. */
  resend(letter: DeadLetter): Promise<Delivery | undefined>;
  close(): Promise<void>;
}

/**
 * Reads the dead letters of a receiver, or of all, at these servers. Rejects with
 * `stream.unavailable` when none of them answers.
 */
export async function openDeadLetterOffice(
  site: LoadedSite,
  servers: readonly string[],
  files: SiteFiles,
  receiver: string | undefined,
): Promise<DeadLetterOffice> {
  const { receivers } = site.config.notify;
  if (receiver !== undefined && !receivers[receiver])
    throw new GatewayError(
      "not-found",
      `no receiver is named ${receiver}; there are ${Object.keys(receivers).join(", ")}`,
    );
  const backboneOptions = siteBackboneOptions({ site, servers });
  const backbone = openBackboneFor(backboneOptions, "sluicegate-dead-letters");
  const clock = systemClock;
  const attempts = createAttemptLog({
    backbone,
    backboneOptions,
    clock,
    logger: silentLogger,
  });
  const lines = createLineOutput(process.stdout, (missing) =>
    process.stderr.write(`sluicegate: ${missing} lines left out: their reader was too slow\n`),
  );
  const surroundings = receiverSurroundings(site, files, clock, lines.write);
  try {
    const advice = "say where it is with --nats";
    const connection = await connectInTime(backbone, { servers, timeoutMs, advice });
    const found = new DeadLetters();
    await readAttempts(connection, (attempt) => found.take(attempt));
    return {
      letters: found.of(receiver),
      async resend(letter) {
        const options = receivers[letter.receiver];
        if (!options) return { kind: "failed", reason: "the configuration has no such receiver" };
        const opened = await openReceiver(options, surroundings);
        return resend(letter, { receiver: opened, name: letter.receiver, attempts, clock });
      },
      close: () => backbone.close(),
    };
  } catch (thrown) {
    await backbone.close();
    throw GatewayError.from(
      thrown,
      "stream.unavailable",
      `cannot read the dead letters at ${servers.join(", ")}`,
    );
  }
}
