import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { setTimeout as wait } from "node:timers/promises";

/** Resolves once the address answers; rejects when the program ends first or is not here. */
export async function untilAnswers(
  url: string,
  child: ChildProcess,
  program: string,
): Promise<void> {
  const failed = once(child, "exit").then(
    () => `${program} ended as soon as it was started`,
    (thrown: unknown) => `${program} is not here (${thrown}): run sh deploy/setup.sh --test`,
  );
  let failure: string | undefined;
  void failed.then((text) => {
    failure = text;
  });
  while (failure === undefined) {
    const answer = await fetch(url).catch(() => undefined);
    if (answer?.ok) return;
    await wait(20);
  }
  throw new Error(failure);
}
