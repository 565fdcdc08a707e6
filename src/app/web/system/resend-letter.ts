/** Telling a receiver after all of what was given up. */
import { notFound, RequestProblem } from "../../../api/problem.ts";
import type { LoadedSite } from "../../../config/site/load-site.ts";
import { machineFiles } from "../../../config/site/site-files.ts";
import { GatewayError } from "../../../core/errors.ts";
import { toStreamSeq } from "../../../core/ids.ts";
import type { Logger } from "../../../core/logger.ts";
import { notifyLogStream } from "../../../core/subject.ts";
import { createAttemptLog } from "../../../notify/attempt-log.ts";
import { resend } from "../../../notify/dead-letters.ts";
import { openReceiver } from "../../../notify/open-receiver.ts";
import type { Backbone } from "../../../stream/backbone.ts";
import { getMessage } from "../../../stream/message-get.ts";
import { parseAttempt } from "../../../stream/notify-log.ts";
import type { BackboneOptions } from "../../../stream/options.ts";
import { receiverSurroundings } from "../../receiver-surroundings.ts";
import { systemClock } from "../../system-clock.ts";
import type { Connection } from "../over-backbone.ts";

export interface ResendDependencies {
  readonly backbone: Backbone;
  readonly backboneOptions: BackboneOptions;
  readonly site: LoadedSite;
  readonly env: NodeJS.ProcessEnv;
  readonly logger: Logger;
}

/** How it went is noted in the log as well. Rejects with a `RequestProblem` where it cannot be tried. */
export async function resendLetter(
  connection: Connection,
  place: number,
  deps: ResendDependencies,
): Promise<{ readonly told: boolean; readonly text: string }> {
  const { site } = deps;
  const message = await getMessage(connection, notifyLogStream, toStreamSeq(place));
  const attempt = message && parseAttempt(message.body);
  if (attempt?.outcome !== "dead-letter" || !attempt.alert) throw notFound(`dead letter ${place}`);
  const { alert, at, receiver, reason = "" } = attempt;
  const options = site.config.notify.receivers[receiver];
  if (!options)
    throw new RequestProblem({
      status: 409,
      code: "receiver.unknown",
      title: `the configuration here has no receiver ${receiver}`,
      advice: "ask a process whose configuration has it",
    });
  const surroundings = receiverSurroundings(site, machineFiles(deps.env), systemClock, () => {});
  try {
    const opened = await openReceiver(options, surroundings);
    const clock = systemClock;
    const letter = { receiver, alert, reason, at, attempts: attempt.attempt };
    const attempts = createAttemptLog({ ...deps, clock });
    const outcome = await resend(letter, { receiver: opened, name: receiver, attempts, clock });
    if (outcome?.kind === "delivered") return { told: true, text: `${receiver} was told` };
    const why = outcome && "reason" in outcome ? outcome.reason : "nobody knows how it went";
    return { told: false, text: `${receiver}: ${why}` };
  } catch (thrown) {
    const { code, message: title } = GatewayError.from(
      thrown,
      "receiver.unavailable",
      "cannot tell",
    );
    throw new RequestProblem({ status: 502, code, title });
  }
}
