import { fnv1a32 } from "../core/fnv1a.ts";
import type { Random } from "../core/retry.ts";

/** Chance that can be repeated: the same text gives the same numbers in [0, 1), everywhere. */
export function createSeededRandom(seed: string): Random {
  // A Weyl sequence through a mixing function (Steele, Lea, Flood: SplitMix; 32-bit variant).
  let state = fnv1a32(seed);
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32;
  };
}

/** A number around zero; nearly all lie within three times `spread` (sum of uniforms). */
export function noise(random: Random, spread: number): number {
  return (random() + random() + random() + random() - 2) * spread * Math.sqrt(3);
}
