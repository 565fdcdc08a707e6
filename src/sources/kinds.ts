/** The kinds of sources there are: one line each. */
import { mqttBroker } from "./mqtt-broker/kind.ts";

export const sourceKinds = [mqttBroker] as const;
