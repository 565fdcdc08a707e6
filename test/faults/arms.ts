/** All arms, in order of their goals. */
import type { Arm } from "./arm.ts";
import { powerCuts } from "./power-cuts.arm.ts";

export const arms: readonly Arm[] = [powerCuts];
