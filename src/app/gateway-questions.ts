import type { Origin } from "../core/event.ts";
import type { DraftEvent } from "../core/event-draft.ts";
import { toDeviceId } from "../core/ids.ts";
import type { Questions } from "../core/question.ts";
import type { RecordLog } from "../core/record-log.ts";
import type { Describer } from "../describe/describer.ts";
import type { Announcer } from "../gateway/announcer.ts";
import { forgetDevice } from "../gateway/forget-device.ts";
import type { Ingest } from "../gateway/ingest.ts";
import {
  type RejectedDependencies,
  RejectedMessages,
} from "../gateway/rejected/rejected-messages.ts";
import type { Backbone } from "../stream/backbone.ts";
import { readRejected } from "./read-rejected.ts";

export interface QuestionParts {
  readonly announcer: Announcer;
  readonly backbone: Backbone;
  readonly describer: Describer;
  readonly draft: DraftEvent;
  readonly ingest: Ingest;
  readonly log: RecordLog;
  readonly normalizer: RejectedDependencies["normalizer"];
  readonly origin: Origin;
}

/** What may be asked of a gateway: about devices, and about messages that it rejected. */
export function gatewayQuestions(parts: QuestionParts): Questions {
  const { announcer, backbone, describer, draft, ingest, log, normalizer, origin } = parts;
  const rejected = new RejectedMessages({
    read: (visit) => readRejected({ backbone, log, origin }, visit),
    normalizer,
    met: (device) => announcer.met(device),
    own: (statement) => void ingest.own(statement),
    draft,
    log,
  });
  return {
    description: async ({ device = "" }) => ({ description: describer.show(toDeviceId(device)) }),
    forget: async ({ device = "" }) => ({
      outcome: await forgetDevice(device, { announcer, ingest, log }),
    }),
    rejected: (asked) => rejected.list(asked),
    "show-rejected": (asked) => rejected.show(asked),
    "try-rejected": (asked) => rejected.try(asked),
    reprocess: (asked) => rejected.reprocess(asked),
    discard: (asked) => rejected.discard(asked),
  };
}
