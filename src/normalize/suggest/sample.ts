/** A message that a device sent, to make a profile of, or to find the one that reads it. */
export interface Sample {
  readonly topic: string;
  readonly payload: Uint8Array;
}
