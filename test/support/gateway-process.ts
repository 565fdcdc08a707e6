import { onTestFinished } from "vitest";
import {
  type GatewayProgram,
  type GatewayProgramOptions,
  gatewayProgram,
} from "./gateway-program.ts";

/** The real gateway as a process of the running test's own: it is killed when the test ends. */
export async function gatewayProcess(options: GatewayProgramOptions): Promise<GatewayProgram> {
  const gateway = await gatewayProgram(options);
  onTestFinished(() => gateway.kill());
  return gateway;
}
