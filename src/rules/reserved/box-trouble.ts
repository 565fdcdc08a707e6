/** Something of the machine under a gateway that begins and is over again, both by its own word. */
import type { Origin, Status } from "../../core/event.ts";
import type { Outbox } from "../words/outbox.ts";
import type { GatewayAlert } from "./gateway-alert.ts";
import { OwnAlarm, type OwnAlarmState } from "./own-alarm.ts";
import type { BoxRule } from "./reserved-rules.ts";

/** It must be well for so long before that is said: a start of the gateway looks anew. */
const keepMs = 60_000;

/** Plain JSON. */
export interface BoxTroubleState extends OwnAlarmState {
  readonly text: string;
}

/** Which trouble it is: the causes of status events, and words about a gateway. */
export interface BoxTroubleKind {
  readonly id: string;
  readonly begins: string;
  readonly ends: string;
  readonly isBad: string;
  readonly isWell: string;
}

export class BoxTrouble implements GatewayAlert {
  readonly alarm: OwnAlarm;
  readonly #kind: BoxTroubleKind;
  #text: string;

  constructor(
    { gateway, site }: Origin,
    kind: BoxTroubleKind,
    { forMs, severity }: BoxRule,
    outbox: Outbox,
    state?: BoxTroubleState,
  ) {
    this.#kind = kind;
    this.#text = state?.text ?? "";
    this.alarm = new OwnAlarm(
      { id: kind.id, severities: [severity], forMs, keepMs },
      { site, gateway },
      outbox,
      (change) => ({
        summary:
          change === "ended"
            ? `gateway ${gateway} of ${site}: ${kind.isWell}`
            : `gateway ${gateway} of ${site}: ${kind.isBad}: ${this.#text}`,
      }),
      state,
    );
  }

  hear({ cause, text = "" }: Status, tMs: number): void {
    if (cause === this.#kind.begins) {
      this.#text = text;
      this.alarm.turn(0, tMs);
    } else if (cause === this.#kind.ends || cause === "gateway-started") this.alarm.turn(-1, tMs);
  }

  pass(tMs: number): void {
    this.alarm.pass(tMs);
  }

  toState(): BoxTroubleState {
    return { ...this.alarm.toState(), text: this.#text };
  }
}
