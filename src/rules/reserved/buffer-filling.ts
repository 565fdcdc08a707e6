/** What waits for the backbone fills the buffer of a gateway, or the buffer takes nothing at all. */
import type { Origin, Status } from "../../core/event.ts";
import type { Outbox } from "../words/outbox.ts";
import type { GatewayAlert } from "./gateway-alert.ts";
import { OwnAlarm, type OwnAlarmState } from "./own-alarm.ts";
import { type BufferRule, bufferRuleId } from "./reserved-rules.ts";

/** It must be well for so long before that is said. */
const keepMs = 60_000;

/** Plain JSON. */
export interface BufferFillingState extends OwnAlarmState {
  readonly filled: number;
  readonly stopped: boolean;
  readonly text: string;
}

const levels: Readonly<Record<string, number>> = {
  "buffer-eased": -1,
  "buffer-filling": 0,
  "buffer-nearly-full": 1,
};

export class BufferFilling implements GatewayAlert {
  readonly #alarm: OwnAlarm;
  #filled: number;
  #stopped: boolean;
  #text: string;

  constructor(origin: Origin, rule: BufferRule, outbox: Outbox, state?: BufferFillingState) {
    this.#filled = state?.filled ?? -1;
    this.#stopped = state?.stopped ?? false;
    this.#text = state?.text ?? "";
    const { gateway, site } = origin;
    this.#alarm = new OwnAlarm(
      { id: bufferRuleId, severities: rule.severities, forMs: 0, keepMs },
      { site, gateway },
      outbox,
      (change) => ({
        summary:
          change === "ended"
            ? `gateway ${gateway} of ${site} has room in its buffer again`
            : `gateway ${gateway} of ${site}: ${this.#text}`,
      }),
      state,
    );
  }

  get alarm(): OwnAlarm {
    return this.#alarm;
  }

  hear({ cause, text = "" }: Status, tMs: number): void {
    const level = levels[cause];
    if (cause === "gateway-started") {
      this.#filled = -1;
      this.#stopped = false;
    } else if (cause === "buffer-stopped") {
      this.#stopped = true;
      this.#text = `its buffer takes nothing: ${text}`;
    } else if (cause === "buffer-resumed") {
      this.#stopped = false;
    } else if (level !== undefined) {
      this.#filled = level;
      if (!this.#stopped) this.#text = text;
    } else return;
    this.#alarm.turn(this.#stopped ? 1 : this.#filled, tMs);
  }

  pass(tMs: number): void {
    this.#alarm.pass(tMs);
  }

  toState(): BufferFillingState {
    return {
      ...this.#alarm.toState(),
      filled: this.#filled,
      stopped: this.#stopped,
      text: this.#text,
    };
  }
}
