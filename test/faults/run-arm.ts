import type { Arm, ArmResult } from "./arm.ts";
import { BrokenMachine } from "./uml/broken-machine.ts";

const mostTries = 3;

/** Runs an arm; from its beginning again where the kernel of its machine broke by itself. */
export async function runArm(
  arm: Arm,
  figure: number,
  note: (text: string) => void,
): Promise<ArmResult> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await arm.run(figure, note);
    } catch (thrown) {
      if (!(thrown instanceof BrokenMachine) || attempt === mostTries) throw thrown;
      note(`begins again: ${thrown.message}`);
    }
  }
}
