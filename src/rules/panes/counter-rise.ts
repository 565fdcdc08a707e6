/**
 * By how much a counter rose, without a guess at what nobody saw: the rises of a counter add up to its
 * last reading less its first, over gaps too, as long as it was not set back.
 *
 * A counter that starts again from 0 rose by what it shows then. One that shows 0 for a while and then
 * goes on above where it was, was only badly read; and one that falls by less than a tenth is
 * imprecise, not new: both rose by what they show beyond the highest reading.
 */

/** A counter that falls below this part of its reading was set back. */
const setBackBelow = 0.9;

/** `highest` is what the next reading is compared with; undefined before the first. */
export interface Rise {
  readonly by: number;
  readonly highest: number;
}

export function riseOf(highest: number | undefined, reading: number): Rise {
  if (highest === undefined) return { by: 0, highest: reading };
  if (reading >= highest) return { by: reading - highest, highest: reading };
  const isImprecise = reading === 0 || reading >= highest * setBackBelow;
  return isImprecise ? { by: 0, highest } : { by: reading, highest: reading };
}
