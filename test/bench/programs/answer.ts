/** The two ends of a program of the bench: its argument and its answer. */

/** The JSON object that the program was started with. */
export function readArguments<A>(): A {
  return JSON.parse(process.argv[2] ?? "{}");
}

export function answer(value: object): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}

/** Events per second since `startedMs` of the monotonic clock. */
export function perSecondSince(startedMs: number, count: number): number {
  return (count * 1_000) / (performance.now() - startedMs);
}
