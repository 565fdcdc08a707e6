/** The inside of the hub, as the page asks for it. */
import type { HubDesk } from "../../../api/routes/hub-routes.ts";
import type { Flow } from "../../../api/shapes/flow.ts";
import type {
  LetterRow,
  NoticesPage,
  ProcessorRow,
  ReceiverRow,
  StreamRow,
} from "../../../api/shapes/system.ts";
import type { LoadedSite } from "../../../config/site/load-site.ts";
import type { Backbone } from "../../../stream/backbone.ts";
import type { BackboneOptions } from "../../../stream/options.ts";
import type { FleetFollower } from "../../../view/fleet/fleet-follower.ts";
import type { LetterNote } from "../../../view/notices/deliveries.ts";
import type { DeliveryFollower } from "../../../view/notices/delivery-follower.ts";
import { overBackbone } from "../over-backbone.ts";
import type { BackboneLook, BackboneSeen } from "./backbone-look.ts";
import { type BridgeRow, bridgeRows } from "./bridge-rows.ts";
import { hubFlow } from "./hub-flow.ts";
import { processorRows } from "./processor-rows.ts";
import { type ResendDependencies, resendLetter } from "./resend-letter.ts";
import { streamRows } from "./stream-rows.ts";

const mostLetters = 500;

export interface HubInsideDependencies extends Omit<ResendDependencies, "site"> {
  readonly backbone: Backbone;
  readonly backboneOptions: BackboneOptions;
  readonly look: BackboneLook;
  readonly fleet: FleetFollower;
  readonly notices: DeliveryFollower;
  readonly site: () => LoadedSite;
}

export class HubInside implements HubDesk {
  readonly #deps: HubInsideDependencies;

  constructor(deps: HubInsideDependencies) {
    this.#deps = deps;
  }

  async streams(): Promise<StreamRow[]> {
    return streamRows(await this.#seen(), this.#deps.backboneOptions);
  }

  async processors(): Promise<ProcessorRow[]> {
    const seen = await this.#seen();
    const targets = bridgeRows(seen, this.#deps.site().config.bridge);
    return [...processorRows(seen, this.#rules()), ...targets.map(carryingRow)];
  }

  async flow(): Promise<Flow> {
    return this.flowOf(await this.#seen());
  }

  flowOf(seen: BackboneSeen): Flow {
    const { fleet, notices, site } = this.#deps;
    const { config } = site();
    const receivers = Object.entries(config.notify.receivers);
    return hubFlow(seen, {
      ...{ fleet, deliveries: notices.deliveries, historian: config.historian },
      targets: config.bridge,
      receivers: new Map(receivers.map(([name, { kind }]) => [name, kind])),
      rules: this.#rules(),
    });
  }

  async notices(): Promise<NoticesPage> {
    const seen = this.#deps.look.seen ?? (await this.#seen());
    const { deliveries } = this.#deps.notices;
    const letters = deliveries.letters();
    return {
      receivers: this.#receivers(seen),
      letters: letters.slice(0, mostLetters).map(letterRow),
      more: letters.length > mostLetters,
    };
  }

  resend(place: number): ReturnType<HubDesk["resend"]> {
    const { backbone, backboneOptions, env, logger, site } = this.#deps;
    return overBackbone(backbone, (connection) =>
      resendLetter(connection, place, { backbone, backboneOptions, env, logger, site: site() }),
    );
  }

  #receivers({ saved }: BackboneSeen): ReceiverRow[] {
    const tallies = new Map(
      this.#deps.notices.deliveries.receivers().map((one) => [one.receiver, one]),
    );
    const cursors = new Map(saved.receivers.map((one) => [one.receiver, one]));
    const options = this.#deps.site().config.notify.receivers;
    const names = new Set([...Object.keys(options), ...tallies.keys(), ...cursors.keys()]);
    return [...names].sort().map((receiver) => {
      const tally = tallies.get(receiver);
      return {
        receiver,
        kind: options[receiver]?.kind ?? "not known here",
        delivered: tally?.delivered ?? 0,
        waiting: cursors.get(receiver)?.waiting ?? 0,
        givenUp: tally?.givenUp ?? 0,
        lastMs: tally?.lastMs ?? null,
        trouble: tally?.trouble ?? null,
      };
    });
  }

  #rules(): number {
    return this.#deps.site().rules.groups.reduce((sum, { rules }) => sum + rules.length, 0);
  }

  #seen(): Promise<BackboneSeen> {
    return overBackbone(this.#deps.backbone, (connection) => this.#deps.look.now(connection));
  }
}

function letterRow(letter: LetterNote): LetterRow {
  const { atMs, attempts, instance, reason, receiver, rule, streamSeq: place } = letter;
  return { place, receiver, instance, rule, reason, attempts, atMs };
}

function carryingRow({
  behind,
  carriedBy,
  lagMs,
  savedMs,
  target,
  trouble,
}: BridgeRow): ProcessorRow {
  const isFailing = trouble?.sinceMs !== undefined;
  return {
    ...{ name: target, role: "bridge", partitions: [], rules: null, behind, lagMs },
    checkpointMs: savedMs ?? null,
    trouble: isFailing
      ? trouble.reason
      : carriedBy.length === 0
        ? "no bridge carries to it: start one"
        : null,
  };
}
