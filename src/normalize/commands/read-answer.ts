/** What a device says about a command: found among its messages, and read. */
import type { RawMessage } from "../../core/message.ts";
import { printable } from "../../core/printable.ts";
import { decode, toText } from "../decode.ts";
import type { KnownDevice } from "../known-device.ts";
import { isScalar, readPath } from "../paths/path.ts";
import { isWord } from "../topics/topic-level.ts";
import {
  type Captures,
  matchTemplate,
  parseTopicTemplate,
  type TopicTemplate,
} from "../topics/topic-template.ts";
import type { ReplyMapping } from "./command-mapping.ts";
import { fillTopic, type Problem, type TextPart, type WordValues } from "./text-template.ts";

export interface DeviceAnswer {
  readonly accepted: boolean;
  /** For people, where it said anything. */
  readonly text?: string;
  /** What it sent, on one line. */
  readonly answer?: string;
}

export interface Answers {
  /** Addresses, beginnings of addresses with their last slash, and devices that they may come from. */
  readonly at: readonly string[];
  /** Never throws. Cheap for a message of another topic or device. */
  read(message: RawMessage): DeviceAnswer | undefined;
}

const mostText = 256;
const mostAnswer = 1_024;

/** Fills in where answers are looked for. */
export function openAnswers(
  reply: ReplyMapping,
  device: KnownDevice,
  id: string,
  values: WordValues,
  params: ReadonlySet<string>,
): Answers | Problem {
  const templates: TopicTemplate[] = [];
  for (const parts of reply.topics) {
    const template = toTemplate(parts, values, params);
    if ("problem" in template) return template;
    templates.push(template);
  }
  const words = new Map(Array.from(values, ([word, value]) => [word, String(value)]));
  return {
    at: templates.length === 0 ? [device.id] : templates.map(placeOf),
    read(message) {
      const found = wordsIn(message, templates, device);
      return found && judge(reply, message, new Map([...words, ...found]), id);
    },
  };
}

/** The whole topic, or what stands before the first level that is not known. */
function placeOf({ levels, text }: TopicTemplate): string {
  const open = levels.findIndex(isWord);
  if (open < 0) return text;
  const known = levels.slice(0, open).flatMap((level) => (isWord(level) ? [] : level.literal));
  return known.map((level) => `${level}/`).join("");
}

/** Words that nobody knows stay: the topic of the answer says what they are. */
function toTemplate(
  parts: readonly TextPart[],
  values: WordValues,
  params: ReadonlySet<string>,
): TopicTemplate | Problem {
  const known = new Map(values);
  for (const part of parts) {
    if (typeof part === "string") continue;
    const value = known.get(part.word);
    if (value === undefined) known.set(part.word, `{${part.word}}`);
    else if (/[{}]/.test(String(value)))
      return { problem: `its answer cannot be told from others: {${part.word}} has braces in it` };
  }
  const topic = fillTopic(parts, known, params);
  return typeof topic === "string" ? parseTopicTemplate(topic) : topic;
}

/** Undefined where the message is of another topic, or said by another device. */
function wordsIn(
  { address, device: from }: RawMessage,
  templates: readonly TopicTemplate[],
  { id }: KnownDevice,
): Captures | undefined {
  if (templates.length === 0) return from === id ? new Map() : undefined;
  if (from !== undefined && from !== id) return undefined;
  const levels = address.split("/");
  for (const template of templates) {
    const found = matchTemplate(template, levels);
    if (found) return found;
  }
  return undefined;
}

function judge(
  { codec, id: idPath, refused, text: textPath, when }: ReplyMapping,
  { attributes, payload, receivedMs }: RawMessage,
  words: Captures,
  id: string,
): DeviceAnswer | undefined {
  if (attributes.cut || attributes.damaged !== undefined) return undefined;
  const decoded = decode(codec, payload, receivedMs);
  if (!decoded.ok) return undefined;
  const { value } = decoded;
  if (idPath && String(readPath(idPath, value)) !== id) return undefined;
  const isRefused = refused?.run(value, value, words) === true;
  if (!isRefused && when && when.run(value, value, words) !== true) return undefined;
  const said = textPath && readPath(textPath, value);
  return {
    accepted: !isRefused,
    ...(isScalar(said) && { text: printable(String(said)).slice(0, mostText) }),
    answer: printable(toText(payload.subarray(0, 4 * mostAnswer))).slice(0, mostAnswer),
  };
}
