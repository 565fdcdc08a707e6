import { describe, expect, test } from "vitest";
import { GatewayError } from "../../src/core/errors.ts";
import { connectInTime } from "../../src/stream/connect-in-time.ts";
import { testBackbone } from "../support/backbone.ts";
import { natsServer } from "../support/nats-server.ts";

const advice = "start one";

/** What a command ends with that waits for a backbone. */
async function endOf(url: string, timeoutMs: number, signal?: AbortSignal) {
  const patience = { servers: [url], timeoutMs, advice, ...(signal && { signal }) };
  const thrown: unknown = await connectInTime(testBackbone(url), patience).catch(
    (failure: unknown) => failure,
  );
  if (!(thrown instanceof GatewayError)) throw new Error("it was connected");
  const { code, exitStatus, message } = thrown;
  return { code, exitStatus, message };
}

describe("a command that waits for a backbone", () => {
  test("ends with 3 and words when none answers in time", async () => {
    expect(await endOf("nats://127.0.0.1:9", 100)).toEqual({
      code: "stream.unavailable",
      exitStatus: 3,
      message: "no backbone answers at nats://127.0.0.1:9; start one",
    });
  });

  test("says that its credentials are refused", async () => {
    const { url } = await natsServer({ configuration: "authorization { token: secret }" });
    const backbone = testBackbone(url);
    await expect.poll(() => backbone.state).toMatchObject({ failure: expect.anything() });
    const patience = { servers: [url], timeoutMs: 1, advice };
    await expect(connectInTime(backbone, patience)).rejects.toMatchObject({
      code: "stream.unauthorized",
    });
  });

  test("ends with 0 when it is asked to", async () => {
    expect(await endOf("nats://127.0.0.1:9", 60_000, AbortSignal.abort())).toMatchObject({
      code: "shutdown",
      exitStatus: 0,
    });
  });
});
