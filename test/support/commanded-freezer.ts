import { freezerProfile } from "./memory-site.ts";

/** A profile of a freezer that takes commands: a dangerous one, and one that is not. */
export const commandedFreezer = `${freezerProfile}commands:
  - name: set_setpoint
    about: Sets the temperature that it holds.
    params:
      setpoint: { type: number, unit: Cel, range: [-30, -10], step: 0.5, about: What it holds. }
      mode: { type: text, values: [eco, fast], default: eco }
    topic: "acme/{device}/set"
    payload: { s: "{setpoint}", m: "{mode}" }
    danger: true
    examples:
      - device: f1
        params: { setpoint: -18 }
        topic: acme/f1/set
        payload: { s: -18, m: eco }
  - name: light
    about: Switches its light.
    params: { on: { type: boolean } }
    topic: "acme/{device}/light"
    payload: "{on}"
    examples:
      - { device: f1, params: { on: true }, topic: acme/f1/light, payload: true }
`;
