import { expect, test } from "vitest";
import { openParts } from "../../src/core/open-parts.ts";

test("parts that are open are stopped once, the last first", async () => {
  const stopped: string[] = [];
  const { parts, stop } = await openParts(async (atEnd) => {
    for (const part of ["lock", "log", "source"]) atEnd(() => void stopped.push(part));
    return "all";
  });
  expect(parts).toBe("all");
  await stop();
  await stop();
  expect(stopped).toEqual(["source", "log", "lock"]);
});

test("parts before one that cannot be opened are stopped again, also behind one that cannot stop", async () => {
  const stopped: string[] = [];
  const failure = new Error("no port");
  const opening = openParts(async (atEnd) => {
    atEnd(() => void stopped.push("lock"));
    atEnd(() => Promise.reject(new Error("cannot sync")));
    throw failure;
  });
  await expect(opening).rejects.toMatchObject({ message: "no port; cannot sync" });
  expect(stopped).toEqual(["lock"]);
});
