/** Keeps up with the log of attempts to tell receivers; made anew from the whole log at each start. */
import { type NotifyReaderDependencies, openNotifyReader } from "../../stream/notify-reader.ts";
import { Deliveries } from "./deliveries.ts";

export class DeliveryFollower {
  readonly #deps: NotifyReaderDependencies;
  readonly #stopping = new AbortController();
  readonly #running: Promise<void>;
  #deliveries = new Deliveries();

  constructor(deps: NotifyReaderDependencies) {
    this.#deps = deps;
    this.#running = this.#run();
  }

  get deliveries(): Deliveries {
    return this.#deliveries;
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const onAnew = (): void => {
      this.#deliveries = new Deliveries();
    };
    const reader = openNotifyReader(undefined, this.#stopping.signal, this.#deps, onAnew);
    for (let batch = await reader.next(); batch; batch = await reader.next())
      for (const { attempt, streamSeq } of batch) this.#deliveries.take(attempt, streamSeq);
  }
}
