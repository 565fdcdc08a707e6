/** One QoS 2 message between its PUBLISH and its PUBREL. */
import { toSeq } from "../../core/ids.ts";
import type { Receipt } from "../../core/receipt.ts";
import type { Delivery } from "../../core/record.ts";
import type { TornDelivery } from "./torn-deliveries.ts";

export class OpenDelivery implements Delivery {
  readonly session: string;
  readonly packetId: number;
  readonly hash: number;
  /** True when it is to be known after a restart. */
  readonly kept: boolean;
  /** What an earlier process stored of it, where that is not all. */
  readonly torn: TornDelivery | undefined;
  /** What vouches for its events; undefined until the sink has it. */
  receipt: Receipt | undefined;
  /** Set once the client released it; resolves when that is remembered. */
  released: Promise<void> | undefined;
  #answered: boolean;
  #forAnswered: (() => void)[] = [];

  /** `found`: an earlier process stored and answered it. */
  constructor(
    { hash, packetId, session }: Delivery,
    kept: boolean,
    found = false,
    torn?: TornDelivery,
  ) {
    this.torn = torn;
    this.session = session;
    this.packetId = packetId;
    this.hash = hash;
    this.kept = kept;
    this.receipt = found ? toSeq(0) : undefined;
    this.#answered = found;
  }

  /** To be called when the answer to its first PUBLISH is written. */
  answer(): void {
    this.#answered = true;
    for (const run of this.#forAnswered.splice(0)) run();
  }

  /** Resolves when the answer to its first PUBLISH is written, at once when it is. */
  whenAnswered(): Promise<void> {
    if (this.#answered) return Promise.resolve();
    return new Promise((resolve) => this.#forAnswered.push(resolve));
  }
}
