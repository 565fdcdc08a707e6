import { expect, test } from "vitest";
import { GatewayError } from "../../src/core/errors.ts";
import { stopAll } from "../../src/core/stop-all.ts";

test("a stop takes every step, also behind one that fails, and says what failed", async () => {
  const taken: string[] = [];
  const first = new GatewayError("buffer.io", "cannot sync");
  const steps = [
    () => void taken.push("source"),
    () => Promise.reject(first),
    () => void taken.push("log"),
    () => {
      throw new Error("no folder");
    },
    () => void taken.push("lock"),
  ];
  await expect(stopAll(steps)).rejects.toMatchObject({
    code: "buffer.io",
    message: "cannot sync; no folder",
  });
  expect(taken).toEqual(["source", "log", "lock"]);
  await expect(stopAll([() => Promise.reject(first)])).rejects.toBe(first);
  await expect(stopAll([])).resolves.toBeUndefined();
});
