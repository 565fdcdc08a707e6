import type { Delivered } from "./link.ts";

/** The same, or that it was stopped: what is under way is not waited for then. Never rejects. */
export async function untilStopped(
  delivering: Promise<Delivered>,
  signal: AbortSignal,
): Promise<Delivered> {
  let stop = (): void => {};
  const stopped = new Promise<Delivered>((resolve) => {
    stop = () => resolve({ kind: "trouble", reason: "stopped before an answer" });
  });
  signal.addEventListener("abort", stop, { once: true });
  if (signal.aborted) stop();
  try {
    return await Promise.race([delivering, stopped]);
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    return { kind: "trouble", reason, needsPeople: true };
  } finally {
    signal.removeEventListener("abort", stop);
  }
}
