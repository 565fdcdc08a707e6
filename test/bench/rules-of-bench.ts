/** A rule file of so many rules, of which ten at most match what the devices of the bench measure. */

const matching = 10;

export function rulesOfBench(count: number, evaluate: "hub" | "edge"): object {
  const rules = Array.from({ length: count }, (_, n) => ({
    alert: `Rule${n}`,
    evaluate,
    select: { metric: "temperature", ...(n >= matching && { device: `other${n}-*` }) },
    condition: { threshold: { above: 60 + n, deadband: 2 } },
    for: "20s",
    severity: "warning",
  }));
  return { version: 1, groups: [{ name: "bench", rules }] };
}
