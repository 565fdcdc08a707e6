import { GatewayScript, minutes } from "./gateway-script.ts";

/**
 * The events of one device that sends a value each minute, with its watermark: `20x5` five times the
 * same, `20..30/5` in five steps, `_` nothing, `!` behind a value of bad quality.
 */
export function seriesOf(values: string, deviceValues?: readonly number[]): GatewayScript {
  const script = new GatewayScript().device("d", { intervalMs: minutes });
  const steps = [...values.split(" ").flatMap(stepsOf), ...(deviceValues ?? []).map(String)];
  for (const [index, step] of steps.entries()) {
    const timeMs = index * minutes;
    if (step !== "_") {
      const quality = step.endsWith("!") ? "bad" : "good";
      const text = step.replace("!", "");
      const number = Number(text);
      script.sample("d", timeMs, Number.isNaN(number) ? text : number, { quality });
    }
    script.watermark(timeMs);
  }
  return script;
}

function stepsOf(text: string): string[] {
  const ramp = /^(-?[\d.]+?)\.\.(-?[\d.]+)\/(\d+)$/.exec(text);
  if (ramp) {
    const [from, to, count] = ramp.slice(1).map(Number);
    return Array.from({ length: count ?? 0 }, (_, n) =>
      String(
        Number(((from ?? 0) + (((to ?? 0) - (from ?? 0)) * n) / ((count ?? 2) - 1)).toFixed(9)),
      ),
    );
  }
  const repeated = /^(.+)x(\d+)$/.exec(text);
  return repeated ? Array(Number(repeated[2])).fill(repeated[1]) : [text];
}

/** What looks like noise, and is the same in every run; about one deviation wide. */
export function noise(count: number, around: number, deviation: number): number[] {
  let state = 42;
  return Array.from({ length: count }, () => {
    let sum = 0;
    for (let n = 0; n < 12; n += 1) {
      state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
      sum += state / 2_147_483_648;
    }
    return around + deviation * (sum - 6);
  });
}
