import type { ReceiverTrial } from "./trial.ts";

export const trial: ReceiverTrial = {
  async taken() {
    const lines: string[] = [];
    const out = (line: string): void => void lines.push(line);
    return { entry: { kind: "log" }, surroundings: { out }, arrived: () => lines };
  },
  refused: undefined,
  broken: undefined,
};
