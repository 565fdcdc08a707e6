/** Streams beside those of gateways, and what of them people ask for. */
import {
  alertsStream,
  allAlerts,
  allCommands,
  allDerived,
  allOperatorActions,
  commandsStream,
  derivedStream,
} from "../core/subject.ts";
import {
  type OtherKind,
  type ReadEntry,
  readActionEntry,
  readAlertEntry,
  readCommandEntry,
  readDerivedEntry,
} from "./past-entry.ts";

interface OtherStream {
  readonly stream: string;
  readonly natsSubjectFilter: string;
  readonly read: ReadEntry;
}

export const otherStreams: Readonly<Record<OtherKind, OtherStream>> = {
  alert: { stream: alertsStream, natsSubjectFilter: allAlerts, read: readAlertEntry },
  action: { stream: alertsStream, natsSubjectFilter: allOperatorActions, read: readActionEntry },
  derived: { stream: derivedStream, natsSubjectFilter: allDerived, read: readDerivedEntry },
  command: { stream: commandsStream, natsSubjectFilter: allCommands, read: readCommandEntry },
};
