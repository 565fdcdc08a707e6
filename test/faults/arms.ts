/** All arms, in order of their goals. */
import type { Arm } from "./arm.ts";

export const arms: readonly Arm[] = [];
