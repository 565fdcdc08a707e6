/** The ways in which devices describe themselves: one line each. */
import type { Convention } from "./description.ts";
import { homeAssistant } from "./home-assistant/convention.ts";
import { homie } from "./homie/convention.ts";
import { tasmota } from "./tasmota/convention.ts";

/** `prefix` is the topic in front of Home Assistant's discovery messages. */
export function conventionsWith(prefix: string): readonly Convention[] {
  return [homeAssistant(prefix), homie, tasmota];
}
