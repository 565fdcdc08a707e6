import { join } from "node:path";
import { onTestFinished } from "vitest";
import { PtyPort } from "./pty-port.ts";
import { tempFolder } from "./temp-folder.ts";

/** A port of the running test's own; it is gone when the test ends. */
export async function plugPort(): Promise<PtyPort> {
  const port = new PtyPort(join(await tempFolder(), "port"));
  onTestFinished(() => port.unplug());
  await port.plug();
  return port;
}
