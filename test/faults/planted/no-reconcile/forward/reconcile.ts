/** Publishing goes on behind the log's own note, whatever the stream holds. */
import type { NatsConnection } from "@nats-io/transport-node";
import { toSeq } from "../../../../../src/core/ids.ts";
import {
  Reconciler as Real,
  type ReconcilerDependencies,
  type Verdict,
} from "../../../../../src/forward/reconcile.ts";
import { ensureStream } from "../../../../../src/stream/ensure-stream.ts";

export class Reconciler extends Real {
  readonly #given: ReconcilerDependencies;

  constructor(given: ReconcilerDependencies) {
    super(given);
    this.#given = given;
  }

  override async reconcile(connection: NatsConnection): Promise<Verdict> {
    const { contract, log } = this.#given;
    const { batches, lastSeq } = await ensureStream(connection, contract);
    return {
      kind: "go-on",
      after: log.confirmed?.seq ?? toSeq(0),
      lastStreamSeq: lastSeq,
      batches: batches === "on",
    };
  }
}
