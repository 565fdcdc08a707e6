import type { Origin } from "../core/event.ts";
import type { DraftEvent } from "../core/event-draft.ts";
import { toDeviceId } from "../core/ids.ts";
import type { Questions } from "../core/question.ts";
import type { RecordLog } from "../core/record-log.ts";
import { RejectedMessages } from "../gateway/rejected/rejected-messages.ts";
import type { Catalog } from "../normalize/catalog.ts";
import type { Backbone } from "../stream/backbone.ts";
import { commandQuestions } from "./command-questions.ts";
import { type DeviceQuestionParts, deviceQuestions } from "./device-questions.ts";
import type { OpenEdgeRules } from "./edge-rules.ts";
import { readRejected } from "./read-rejected.ts";
import { wayQuestions } from "./way-question.ts";

export interface QuestionParts extends DeviceQuestionParts {
  readonly backbone: Backbone;
  readonly draft: DraftEvent;
  readonly catalog: Catalog;
  readonly log: RecordLog;
  readonly origin: Origin;
}

/** The messages that a gateway rejected, and what may be done with them. */
export function rejectedMessages(parts: QuestionParts): RejectedMessages {
  const { announcer, backbone, draft, ingest, log, normalizer, origin, registry } = parts;
  return new RejectedMessages({
    read: (visit) => readRejected({ backbone, log, origin }, visit),
    normalizer: normalizer.again,
    met: (device) => announcer.met(device),
    own: (statement) => ingest.own(statement),
    // What is stored of them is of their devices, as what comes now is.
    draft: (event, ...rest) => {
      registry.note(event);
      return draft(event, ...rest);
    },
    log,
  });
}

/** What may be asked of a gateway: about devices, and about messages that it rejected. */
export function gatewayQuestions(
  parts: QuestionParts,
  rejected: RejectedMessages,
  edgeRules: Pick<OpenEdgeRules, "explain">,
): Questions {
  const { announcer, describer, log, origin } = parts;
  return {
    description: async ({ device = "" }) => ({ description: describer.show(toDeviceId(device)) }),
    ...deviceQuestions(parts),
    ...commandQuestions(parts.catalog, announcer),
    ...wayQuestions(log, origin),
    "explain-edge-alert": async ({ alert = "", device = "" }) => ({
      instances: edgeRules.explain(alert, device),
    }),
    rejected: (asked) => rejected.list(asked),
    "show-rejected": (asked) => rejected.show(asked),
    "try-rejected": (asked) => rejected.try(asked),
    reprocess: (asked) => rejected.reprocess(asked),
    discard: (asked) => rejected.discard(asked),
  };
}
