/**
 * Wakes one loop for many reasons: new records, acknowledgements, the end. A ring that nobody waits
 * for is kept, so none is missed between looking and waiting; several become one.
 */
export class Bell {
  #rung = false;
  #wake: (() => void) | undefined;

  ring(): void {
    const wake = this.#wake;
    if (wake === undefined) {
      this.#rung = true;
      return;
    }
    this.#wake = undefined;
    wake();
  }

  /** Resolves at the next ring, or at once when it rang since the last wait. For one waiter. */
  heard(): Promise<void> {
    if (this.#rung) {
      this.#rung = false;
      return Promise.resolve();
    }
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }
}
