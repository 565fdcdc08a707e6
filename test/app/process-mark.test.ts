import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, test } from "vitest";
import { readProcessMark } from "../../src/app/process-mark.ts";

/** The mark of this process with another number, or another beginning. */
const others = (own: string, { pid = "", began = "" }): string => {
  const [beginning, number, ...space] = own.split(" ").reverse();
  return [...space.reverse(), pid || number, began || beginning].join(" ");
};

test("a mark says that its process is no more only where that is known", async () => {
  const { isGone, own } = await readProcessMark();
  if (own === undefined) throw new Error("this system does not tell");
  expect(await isGone(own)).toBe(false);
  // Its number was given to another process since.
  expect(await isGone(others(own, { began: "1" }))).toBe(true);
  const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
  const pid = String(child.pid);
  child.kill("SIGKILL");
  await once(child, "exit");
  expect(await isGone(others(own, { pid }))).toBe(true);
  // Of another machine, or another boot.
  expect(await isGone(`x${others(own, { pid })}`)).toBe(false);
  for (const strange of ["", "1 2", own.split(" ").slice(0, -1).join(" "), `${own} 7`])
    expect(await isGone(strange)).toBe(false);
});
