/** The kinds of sources there are: one line each. */
import { modbus } from "./modbus/kind.ts";
import { mqttBroker } from "./mqtt-broker/kind.ts";
import { mqttClient } from "./mqtt-client/kind.ts";
import { serial } from "./serial/kind.ts";

export const sourceKinds = [mqttBroker, mqttClient, serial, modbus] as const;
