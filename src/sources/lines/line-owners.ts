/**
 * Who has which line in this process. Two readers of one line get a part of its bytes each, and two
 * masters on one bus talk over each other: the second is refused.
 */
import { GatewayError } from "../../core/errors.ts";

export class LineOwners {
  readonly #owners = new Map<string, string>();

  /**
   * Takes the line for its user; gives what ends that. `place` is one for all names of a port: its
   * real path. Throws `source.unavailable` where another has it.
   */
  claim(place: string, user: string): () => void {
    const owner = this.#owners.get(place);
    if (owner !== undefined)
      throw new GatewayError(
        "source.unavailable",
        `${place} is in use by the source ${owner}: a port is for one; take one of the two out of sources`,
      );
    this.#owners.set(place, user);
    return () => {
      this.#owners.delete(place);
    };
  }
}

/** Those of this process. */
export const lineOwners = new LineOwners();
