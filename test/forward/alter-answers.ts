import { connect, createServer } from "node:net";
import { onTestFinished } from "vitest";

/**
 * A way to a server on which its answers are changed, for what only a cluster in trouble says. Gives
 * the url of the near end; it is gone when the test ends. `alter` gets whole lines of the protocol.
 */
export async function alterAnswers(
  port: number,
  alter: (lines: string) => string,
): Promise<string> {
  const server = createServer((near) => {
    const far = connect(port, "127.0.0.1");
    near.pipe(far);
    let rest = "";
    far.on("data", (chunk) => {
      const text = rest + chunk.toString("latin1");
      const end = text.lastIndexOf("\r\n") + 2;
      rest = end < 2 ? text : text.slice(end);
      if (end >= 2) near.write(Buffer.from(alter(text.slice(0, end)), "latin1"));
    });
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      one.on("close", () => other.destroy());
      one.on("error", () => other.destroy());
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("it listens without a port");
  return `nats://127.0.0.1:${address.port}`;
}

/** For `alterAnswers`: streams look as if no server took batches into them. */
export function withoutBatches(lines: string): string {
  return lines.replaceAll('"allow_batched":true', '"other_setting":true');
}
