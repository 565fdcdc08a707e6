/**
 * What a simulated freezer is told over MQTT, and what it answers: `{"id": ..., "set_point": -20}`,
 * `{"id": ..., "light": true}` or `{"id": ..., "defrost": true}`; `{"id": ..., "ok": true}`, or `ok` false
 * with an `error`.
 */
import { isObject } from "../core/is-object.ts";

/** The temperature that a new freezer is kept at, in °C. */
export const usualSetPoint = -18.1;
const setPoints = { from: -30, to: -10 };

export interface FreezerState {
  setPoint: number;
  light: boolean;
}

/** Does what a message asks for, and gives the answer; undefined where it is no order. */
export function obeyOrder(
  payload: string,
  state: FreezerState,
  doorOpen: boolean,
): string | undefined {
  const order = readOrder(payload);
  const id = order?.["id"];
  if (order === undefined || typeof id !== "string") return undefined;
  const error = obey(order, state, doorOpen);
  return JSON.stringify(error === undefined ? { id, ok: true } : { id, ok: false, error });
}

/** Why it was not done. */
function obey(
  { defrost, light, set_point: setPoint }: Readonly<Record<string, unknown>>,
  state: FreezerState,
  doorOpen: boolean,
): string | undefined {
  if (typeof light === "boolean") state.light = light;
  else if (typeof setPoint === "number") {
    if (setPoint < setPoints.from || setPoint > setPoints.to)
      return `a set point is ${setPoints.from} to ${setPoints.to}`;
    state.setPoint = setPoint;
  } else if (defrost !== true) return "it can do set_point, light and defrost";
  else if (doorOpen) return "the door is open";
  return undefined;
}

function readOrder(payload: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const order: unknown = JSON.parse(payload);
    return isObject(order) ? order : undefined;
  } catch {
    return undefined;
  }
}
