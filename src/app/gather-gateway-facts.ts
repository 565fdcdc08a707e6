import { deviceFacts } from "./device-questions.ts";
import type { GatewayFacts } from "./gateway-facts.ts";
import type { QuestionParts } from "./gateway-questions.ts";
import { knownDevice } from "./prepare-command.ts";

type Known = Pick<
  GatewayFacts,
  "edgeRules" | "flow" | "questions" | "rejected" | "site" | "status"
>;

export function gatewayFacts(parts: QuestionParts & Known): GatewayFacts {
  const { announcer, backbone, catalog, edgeRules, flow, log, origin, questions } = parts;
  const { registry, rejected, site, status } = parts;
  return {
    ...{ backbone, edgeRules, flow, log, origin, questions, rejected, site, status },
    changes: registry.changes,
    devices: deviceFacts(parts),
    known: (device) => knownDevice(catalog, announcer, device),
  };
}
