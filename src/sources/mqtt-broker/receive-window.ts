/** The messages of QoS 1 and 2 of one client that are under way to the broker (Receive Maximum). */

export class ReceiveWindow {
  readonly #most: number;
  #ones = 0;
  /** Numbers of messages of QoS 2: published here and not yet at their PUBCOMP. */
  readonly #twos = new Set<number>();

  constructor(most: number) {
    this.#most = most;
  }

  /** A message came; false when it is one too many. */
  open(qos: 1 | 2, packetId: number): boolean {
    if (qos === 2) this.#twos.add(packetId);
    else this.#ones += 1;
    return this.#ones + this.#twos.size <= this.#most;
  }

  /** A message has its last answer. */
  close(qos: 1 | 2, packetId: number): void {
    if (qos === 2) this.#twos.delete(packetId);
    else this.#ones -= 1;
  }
}
