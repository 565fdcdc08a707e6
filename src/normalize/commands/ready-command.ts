/** A command of a device with its parameters: what leaves for it, and how its answer is known. */
import type { CommandValue } from "../../core/command.ts";
import type { DeviceWrite } from "../../core/device-write.ts";
import type { RawMessage } from "../../core/message.ts";
import { encodeRegisters } from "../codecs/encode-registers.ts";
import type { KnownDevice } from "../known-device.ts";
import type {
  CommandMapping,
  CommandWay,
  PayloadTemplate,
  ValueTemplate,
} from "./command-mapping.ts";
import { wordsOfDevice } from "./device-words.ts";
import { fillFrame } from "./frame-template.ts";
import { checkParams } from "./params.ts";
import { type DeviceAnswer, openAnswers } from "./read-answer.ts";
import { fillText, fillTopic, missing, type Problem, type WordValues } from "./text-template.ts";

export interface ReadyCommand {
  readonly write: DeviceWrite;
  /** The answer in a message; undefined where it is none. Absent where the device never answers. */
  readonly answerIn?: (message: RawMessage) => DeviceAnswer | undefined;
  /** Addresses, beginnings of addresses with their last slash, and devices that it may come from. */
  readonly answersAt?: readonly string[];
}

/** Fills a command in; the problem is for whoever issued it. */
export function makeReady(
  device: KnownDevice,
  mapping: CommandMapping,
  { id, params }: { readonly id: string; readonly params: Readonly<Record<string, CommandValue>> },
): ReadyCommand | Problem {
  const given = checkParams(mapping.params, params);
  if ("problem" in given) return given;
  const values: WordValues = new Map<string, CommandValue>([
    ...wordsOfDevice(device),
    ...given,
    ["id", id],
  ]);
  const names = new Set([...mapping.params.keys(), "id"]);
  const write = buildWrite(mapping.way, values, names);
  if ("problem" in write) return write;
  if (mapping.reply === undefined) return { write };
  const answers = openAnswers(mapping.reply, device, id, values, names);
  if ("problem" in answers) return answers;
  const answerIn = (message: RawMessage): DeviceAnswer | undefined =>
    isEcho(message, write) ? undefined : answers.read(message);
  return { write, answerIn, answersAt: answers.at };
}

/** A broker outside gives the command itself back to a gateway that has subscribed to its topic. */
function isEcho({ address, payload }: RawMessage, write: DeviceWrite): boolean {
  return (
    write.kind === "message" &&
    address === write.topic &&
    Buffer.compare(payload, write.payload) === 0
  );
}

function buildWrite(
  way: CommandWay,
  values: WordValues,
  params: ReadonlySet<string>,
): DeviceWrite | Problem {
  switch (way.kind) {
    case "message": {
      const topic = fillTopic(way.topic, values, params);
      if (typeof topic !== "string") return topic;
      const payload = fillPayload(way.payload, values);
      if (typeof payload !== "string") return payload;
      const { qos, retain } = way;
      return { kind: "message", topic, payload: Buffer.from(payload), qos, retain };
    }
    case "frame": {
      const payload = fillFrame(way.parts, values);
      return "problem" in payload ? payload : { kind: "frame", payload };
    }
    case "registers":
      return registersOf(way, values);
  }
}

function registersOf(
  { at, shape, single, table, value }: Extract<CommandWay, { readonly kind: "registers" }>,
  values: WordValues,
): DeviceWrite | Problem {
  const filled = fillValue(value, values);
  if ("problem" in filled) return filled;
  const { filled: one } = filled;
  if (typeof one !== "number" && typeof one !== "boolean" && typeof one !== "string")
    return { problem: "it has no single value to write" };
  if (table === "coil")
    return Number(one) === 0 || Number(one) === 1
      ? { kind: "registers", table, at, values: [Number(one)], single }
      : { problem: `a coil is on or off, not ${one}` };
  const registers = encodeRegisters(shape, one);
  return "problem" in registers
    ? registers
    : { kind: "registers", table, at, values: registers, single: single && registers.length === 1 };
}

function fillPayload(template: PayloadTemplate, values: WordValues): string | Problem {
  if ("text" in template) return fillText(template.text, values);
  const filled = fillValue(template.json, values);
  return "problem" in filled ? filled : JSON.stringify(filled.filled);
}

type Filled = { readonly filled: unknown } | Problem;

function fillValue(template: ValueTemplate, values: WordValues): Filled {
  if (template === null || typeof template !== "object") return { filled: template };
  if ("parts" in template) {
    const [only, ...others] = template.parts;
    if (typeof only === "object" && others.length === 0) {
      const value = values.get(only.word);
      return value === undefined ? missing(only) : { filled: value };
    }
    const text = fillText(template.parts, values);
    return typeof text === "string" ? { filled: text } : text;
  }
  if ("list" in template) {
    const list: unknown[] = [];
    for (const one of template.list) {
      const filled = fillValue(one, values);
      if ("problem" in filled) return filled;
      list.push(filled.filled);
    }
    return { filled: list };
  }
  const members: [string, unknown][] = [];
  for (const [key, one] of template.members) {
    const filled = fillValue(one, values);
    if ("problem" in filled) return filled;
    members.push([key, filled.filled]);
  }
  return { filled: Object.fromEntries(members) };
}
