import { onTestFinished } from "vitest";
import { type MosquittoProgram, startMosquitto } from "./mosquitto-program.ts";
import { tempFolder } from "./temp-folder.ts";

/** A real Mosquitto of the running test's own, in a folder of its own: it is gone when the test ends. */
export async function mosquittoProcess(more: readonly string[] = []): Promise<MosquittoProgram> {
  const broker = await startMosquitto(await tempFolder(), more);
  onTestFinished(() => broker.stop("SIGKILL"));
  return broker;
}
