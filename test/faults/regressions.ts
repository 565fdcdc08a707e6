/** What the journal of a gateway says about a backbone that lost what it had confirmed. */

export interface Regression {
  /** The last record that was confirmed. */
  readonly confirmed: number;
  /** The last that the backbone still had. */
  readonly found: number;
  /** From the connect until it was noticed. */
  readonly afterMs: number;
  /** It is the first thing that was noticed on its connection. */
  readonly atOnce: boolean;
}

/** In order of the journal: a file of JSON lines, the last of which may be torn. */
export function readRegressions(journal: string): readonly Regression[] {
  const found: Regression[] = [];
  let connectedMs = 0;
  let fresh = false;
  for (const line of journal.split("\n")) {
    const { msg, time } = parseLine(line);
    if (msg === "backbone connected") {
      connectedMs = Date.parse(String(time));
      fresh = true;
    } else if (msg === "forwarding has caught up") {
      fresh = false;
    } else if (msg === "the backbone lost events that it had confirmed; they are sent again") {
      const { confirmed, found: stillThere } = parseLine(line);
      found.push({
        confirmed: Number(confirmed),
        found: Number(stillThere),
        afterMs: Date.parse(String(time)) - connectedMs,
        atOnce: fresh,
      });
      fresh = false;
    }
  }
  return found;
}

function parseLine(line: string): Record<string, unknown> {
  if (!line.startsWith("{")) return {};
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
