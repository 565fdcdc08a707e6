/**
 * Mosquitto's own client, as a device with a kept session: QoS 1, a line for each message, numbered from
 * 1: `{"n":1}`. It comes back by itself, and sends again with DUP what has no PUBACK.
 */
import { spawn } from "node:child_process";
import { type Clock, sleep } from "../../src/core/clock.ts";

/** Between two messages. */
const everyMs = 5;

export interface MosquittoPublisher {
  /** Ends it when all was answered; gives how many messages there were. */
  finish(): Promise<number>;
  kill(): void;
}

/** Begins at once; the broker has to be there. */
export function startMosquittoPublisher(
  { port, topic }: { readonly port: number; readonly topic: string },
  clock: Clock,
): MosquittoPublisher {
  const client = ["-p", String(port), "-c", "-i", "mosquitto", "-q", "1", "-t", topic, "-l"];
  const publisher = spawn("mosquitto_pub", client, { stdio: ["pipe", "ignore", "ignore"] });
  const ended = new Promise<number | null>((resolve, reject) => {
    publisher.once("error", reject);
    publisher.once("exit", resolve);
  });
  publisher.stdin.on("error", () => {});
  let sent = 0;
  const speaking = new AbortController();
  const speak = async (): Promise<void> => {
    while (!speaking.signal.aborted) {
      sent += 1;
      publisher.stdin.write(`{"n":${sent}}\n`);
      await sleep(clock, everyMs, speaking.signal);
    }
  };
  const spoken = speak();
  return {
    async finish() {
      speaking.abort();
      await spoken;
      publisher.stdin.end();
      const code = await ended;
      if (code !== 0) throw new Error(`mosquitto_pub ended with ${code}`);
      return sent;
    },
    kill: () => {
      speaking.abort();
      publisher.kill("SIGKILL");
    },
  };
}
