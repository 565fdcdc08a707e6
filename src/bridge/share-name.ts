/** A share of the work: a target, and one partition of the sites. */
export interface ShareName {
  readonly target: string;
  readonly partition: number;
}

/** As it is told on the roll: `plant-kafka/12`. */
export function formatShare({ partition, target }: ShareName): string {
  return `${target}/${partition}`;
}

export function parseShare(text: string): ShareName {
  const at = text.lastIndexOf("/");
  return { target: text.slice(0, at), partition: Number(text.slice(at + 1)) };
}

/** Where in the bucket of positions it stands how far it is. */
export function positionsKey({ partition, target }: ShareName): string {
  return `bridge.${target}.${partition}`;
}
