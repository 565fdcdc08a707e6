/** Devices that say what they send: by descriptions, and by the births of Sparkplug. */
import type { DeviceId } from "../core/ids.ts";
import type { Describer } from "../describe/describer.ts";
import type { DescriptionRefusal } from "../describe/refusals.ts";
import type { ShownDescription } from "../describe/show-description.ts";
import { showMember } from "../describe/sparkplug/show-member.ts";
import type { KnownDevice } from "../normalize/known-device.ts";
import type { NormalizerParts } from "../normalize/normalizer.ts";
import type { OpenSparkplug } from "./open-sparkplug.ts";

/** Refusals that status shows. */
const mostShown = 16;

export class Descriptions {
  readonly #describer: Describer;
  /** Undefined where the configuration wants no descriptions. */
  readonly #sparkplug: OpenSparkplug | undefined;

  constructor(describer: Describer, sparkplug: OpenSparkplug | undefined) {
    this.#describer = describer;
    this.#sparkplug = sparkplug;
  }

  /** Who reads what no profile reads. */
  get readers(): Pick<NormalizerParts, "described" | "sessions"> {
    const host = this.#sparkplug?.host;
    return { described: this.#describer, ...(host && { sessions: host }) };
  }

  /** The same for messages that are read once more. */
  get readersAgain(): Pick<NormalizerParts, "described" | "sessions"> {
    const host = this.#sparkplug?.host;
    return { described: this.#describer.reader, ...(host && { sessions: host.reader }) };
  }

  known(id: DeviceId, profileName: string): KnownDevice | undefined {
    return this.#describer.known(id, profileName) ?? this.#sparkplug?.host.known(id, profileName);
  }

  show(id: DeviceId): ShownDescription | undefined {
    const nodes = this.#sparkplug?.host.nodes;
    return this.#describer.show(id) ?? (nodes && showMember(nodes, id));
  }

  status(): { readonly devices: number; readonly refused: readonly DescriptionRefusal[] } {
    const { devices, refused } = this.#describer.status();
    const others = this.#sparkplug?.refusals.list() ?? [];
    const latest = [...refused, ...others].sort((one, other) => other.lastMs - one.lastMs);
    return {
      devices: devices + (this.#sparkplug?.host.nodes.described ?? 0),
      refused: latest.slice(0, mostShown),
    };
  }

  tell(): void {
    this.#describer.tell();
  }

  tellAgain(): void {
    this.#describer.tellAgain();
  }

  async stop(): Promise<void> {
    await this.#describer.stop();
    await this.#sparkplug?.stop();
  }
}
