/** Anonymous access ends at the machine's own edge. */
import type { Fault } from "../../core/fault.ts";
import { isLoopback, parseListenAddress } from "../listen-address.ts";
import type { MqttBrokerOptions } from "./options.ts";

/**
 * What is wrong with who could connect: a broker without users on an address that others reach.
 * The path is relative to the entry of the source.
 */
export function accessFault(
  options: Pick<MqttBrokerOptions, "listen" | "users">,
): Fault | undefined {
  const address = parseListenAddress(options.listen);
  if (options.users !== undefined || address === undefined || isLoopback(address.host)) {
    return undefined;
  }
  return {
    code: "config.anonymous-broker",
    path: ["listen"],
    message: `"${options.listen}" is reachable from other machines, and anybody there could publish`,
    hint: "listen on 127.0.0.1, or name a users file: users: { file: devices.yaml }",
  };
}
