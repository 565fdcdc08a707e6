/**
 * What can be read of each kind of entity: which of its topics say something, and what. Kinds that
 * are not here, such as buttons and scenes, have nothing to read.
 */

/** What a value is, before its unit and its words are looked at. */
export type ValueKind =
  | "state"
  | "switch"
  | "number"
  | "percent"
  | "temperature"
  | "humidity"
  | "text";

/** One value of an entity. */
export interface ReadableValue {
  /** Key of its topic in the description. */
  readonly topic: string;
  /** Keys of its template, the first that is there. */
  readonly templates: readonly string[];
  /** What its metric is called behind the name of the entity; empty for the entity's own value. */
  readonly suffix: string;
  readonly kind: ValueKind;
}

function own(kind: ValueKind, template = "value_template", topic = "state_topic"): ReadableValue {
  return { topic, templates: [template], suffix: "", kind };
}

function part(
  suffix: string,
  kind: ValueKind,
  topic: string,
  ...templates: string[]
): ReadableValue {
  return { topic, templates, suffix, kind };
}

/** `mode`: `mode_state_topic` and `mode_state_template`. */
function state(suffix: string, kind: ValueKind = "text"): ReadableValue {
  return part(
    suffix,
    kind,
    `${suffix}_state_topic`,
    `${suffix}_state_template`,
    `${suffix}_value_template`,
  );
}

const currents = [
  part(
    "current_temperature",
    "temperature",
    "current_temperature_topic",
    "current_temperature_template",
  ),
  part("current_humidity", "humidity", "current_humidity_topic", "current_humidity_template"),
];
const targetTemperature = part(
  "target_temperature",
  "temperature",
  "temperature_state_topic",
  "temperature_state_template",
);
const targetHumidity = state("target_humidity", "humidity");
const action = part("action", "text", "action_topic", "action_template");
const onOff = part(
  "",
  "switch",
  "state_topic",
  "state_value_template",
  "value_template",
  "state_template",
);

export const components: Readonly<Record<string, readonly ReadableValue[]>> = {
  alarm_control_panel: [own("text")],
  binary_sensor: [own("switch")],
  climate: [
    ...currents,
    targetTemperature,
    part(
      "target_temperature_high",
      "temperature",
      "temperature_high_state_topic",
      "temperature_high_state_template",
    ),
    part(
      "target_temperature_low",
      "temperature",
      "temperature_low_state_topic",
      "temperature_low_state_template",
    ),
    targetHumidity,
    state("mode"),
    action,
    state("fan_mode"),
    state("preset_mode"),
    state("swing_mode"),
    state("swing_horizontal_mode"),
  ],
  cover: [
    own("state"),
    part("position", "percent", "position_topic", "position_template"),
    part("tilt", "percent", "tilt_status_topic", "tilt_status_template"),
  ],
  device_tracker: [own("text")],
  event: [own("text")],
  fan: [
    onOff,
    state("percentage", "number"),
    state("preset_mode"),
    state("oscillation"),
    state("direction"),
  ],
  humidifier: [onOff, ...currents, targetHumidity, state("mode"), action],
  lawn_mower: [own("text", "activity_value_template", "activity_state_topic")],
  light: [
    onOff,
    part(
      "brightness",
      "number",
      "brightness_state_topic",
      "brightness_value_template",
      "brightness_template",
    ),
    part(
      "color_temp",
      "number",
      "color_temp_state_topic",
      "color_temp_value_template",
      "color_temp_template",
    ),
    part("effect", "text", "effect_state_topic", "effect_value_template", "effect_template"),
  ],
  lock: [own("state")],
  number: [own("number")],
  select: [own("text")],
  sensor: [own("state"), part("last_reset", "text", "state_topic", "last_reset_value_template")],
  siren: [part("", "switch", "state_topic", "state_value_template", "value_template")],
  switch: [own("switch")],
  text: [own("text")],
  time: [own("text")],
  date: [own("text")],
  datetime: [own("text")],
  vacuum: [own("text")],
  valve: [own("state")],
  water_heater: [...currents, targetTemperature, state("mode")],
};

/** Those whose state topic carries an object with values of known names. */
export const jsonValues: Readonly<
  Record<string, readonly (readonly [key: string, kind: ValueKind])[]>
> = {
  light: [
    ["state", "switch"],
    ["brightness", "number"],
    ["color_temp", "number"],
    ["color_mode", "text"],
    ["effect", "text"],
  ],
  vacuum: [
    ["state", "text"],
    ["battery_level", "number"],
    ["fan_speed", "text"],
  ],
};
