/** Whether a target lets us in, found out without carrying anything and without making anything. */
import { maskSecrets } from "../core/mask-secrets.ts";
import type { TryDependencies } from "./link.ts";
import type { TargetOptions } from "./options.ts";

/** Undefined where we were let in, else why not, in words; never waits longer than `options.timeout`. */
export async function tryTarget(
  options: TargetOptions,
  deps: TryDependencies,
): Promise<string | undefined> {
  const { clock, signal } = deps;
  const { timeout: timeoutMs } = options;
  const late = new Promise<string>((resolve) => {
    const timer = clock.setTimer(timeoutMs, () => resolve(`no answer in ${timeoutMs / 1_000} s`));
    const stop = (): void => {
      timer.cancel();
      resolve("stopped");
    };
    signal.addEventListener("abort", stop, { once: true });
  });
  return Promise.race([knock(options, deps).catch(wordsOf), late]);
}

async function knock(options: TargetOptions, deps: TryDependencies): Promise<string | undefined> {
  switch (options.kind) {
    case "http":
      return (await import("./http-link.ts")).knockHttp(options, deps);
    case "mqtt":
      return (await import("./mqtt-link.ts")).knockMqtt(options, deps);
    case "rabbitmq":
      return (await import("./rabbit-link.ts")).knockRabbit(options, deps);
    case "kafka":
      return (await import("./kafka-link.ts")).knockKafka(options, deps);
  }
}

function wordsOf(thrown: unknown): string {
  const said = thrown instanceof Error ? thrown.message || String(thrown.cause) : String(thrown);
  return maskSecrets(said);
}
