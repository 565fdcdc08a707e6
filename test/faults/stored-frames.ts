/** What a stream holds of the numbered frames of two ports. */
import { decodeEvent, isMalformed } from "../../src/core/event-codec.ts";
import { isTwin } from "./numbered-frames.ts";

export interface StoredFrames {
  readonly numbers: Set<number>;
  /** All that are stored and valid. */
  count: number;
  /** Those that no frame said. */
  invalid: number;
  reordered: number;
  last: number;
}

export function storedFrames(bodies: readonly Uint8Array[]): {
  readonly checked: StoredFrames;
  readonly credulous: StoredFrames;
} {
  const none = (): StoredFrames => ({
    ...{ numbers: new Set<number>(), count: 0, invalid: 0, reordered: 0, last: 0 },
  });
  const stored = { checked: none(), credulous: none() };
  for (const body of bodies) {
    const event = decodeEvent(Buffer.from(body).toString());
    if (isMalformed(event) || event.kind !== "measurement") continue;
    const found = event.device === "checked" ? stored.checked : stored.credulous;
    const [n, twin] = ["n", "twin"].map((name) =>
      Number(event.data.find((metric) => metric.name === name)?.value),
    );
    if (n === undefined || twin === undefined || !isTwin(n, twin)) {
      found.invalid += 1;
      continue;
    }
    found.count += 1;
    found.numbers.add(n);
    if (n < found.last) found.reordered += 1;
    found.last = n;
  }
  return stored;
}
