/** All arms, in order of their goals. */
import type { Arm } from "./arm.ts";
import { crashPoints } from "./crash-points.arm.ts";
import { powerCuts } from "./power-cuts.arm.ts";

export const arms: readonly Arm[] = [powerCuts, crashPoints];
