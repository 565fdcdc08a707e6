import type { Fault } from "../../core/fault.ts";
import { accessFault } from "../access.ts";
import type { MqttBrokerOptions } from "./options.ts";

/** Ports of a broker at which anybody could publish; paths are relative to its entry. */
export function strangersFaults({ listen, tls, users, websocket }: MqttBrokerOptions): Fault[] {
  const isAsking = users !== undefined || tls?.client_ca !== undefined;
  const otherwise = "name a users file: users: { file: devices.yaml }";
  const main = accessFault({ listen, isAsking }, otherwise);
  const second = websocket && accessFault({ listen: websocket.listen, isAsking }, otherwise);
  return [
    ...(main ? [main] : []),
    ...(second ? [{ ...second, path: ["websocket", ...second.path] }] : []),
  ];
}
