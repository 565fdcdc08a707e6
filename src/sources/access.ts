/** Anonymous access ends at the machine's own edge. */
import type { Fault } from "../core/fault.ts";
import { isLoopback, parseListenAddress } from "../core/listen-address.ts";

/**
 * What is wrong with who could reach a way in that listens: one that asks nobody who he is, on an
 * address that other machines reach. `isAsking`: it does ask. The path is relative to the entry of
 * the source; `otherwise` is what people can do besides listening on loopback.
 */
export function accessFault(
  { isAsking, listen }: { readonly listen: string; readonly isAsking: boolean },
  otherwise?: string,
): Fault | undefined {
  const address = parseListenAddress(listen);
  if (isAsking || address === undefined || isLoopback(address.host)) return undefined;
  return {
    code: "config.anonymous-source",
    path: ["listen"],
    message: `"${listen}" is reachable from other machines, and anybody there could publish`,
    hint: ["listen on 127.0.0.1", otherwise].filter(Boolean).join(", or "),
  };
}
