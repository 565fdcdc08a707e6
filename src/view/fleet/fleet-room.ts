/** Room for devices, of all gateways together; what finds none is counted. */
export class FleetRoom {
  readonly #most: number;
  #taken = 0;
  #leftOut = 0;

  constructor(most: number) {
    this.#most = most;
  }

  get taken(): number {
    return this.#taken;
  }

  /** Messages of devices for which no room was left. */
  get leftOut(): number {
    return this.#leftOut;
  }

  /** True where there was room for one more. */
  take(): boolean {
    const isRoom = this.#taken < this.#most;
    if (isRoom) this.#taken += 1;
    else this.#leftOut += 1;
    return isRoom;
  }

  give(count: number): void {
    this.#taken = Math.max(0, this.#taken - count);
  }
}
