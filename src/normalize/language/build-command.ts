/** From the form of a command to a command: its parameters, what leaves, and its answers. */
import type { Codec } from "../codecs/codec.ts";
import { encodeRegisters } from "../codecs/encode-registers.ts";
import type {
  CommandMapping,
  CommandWay,
  ParamMapping,
  PayloadTemplate,
  ReplyMapping,
  ValueTemplate,
} from "../commands/command-mapping.ts";
import { parseFrameHex, parseFrameText, wordsOfFrame } from "../commands/frame-template.ts";
import { checkParams } from "../commands/params.ts";
import { parseText, type TextPart, wordsOfText } from "../commands/text-template.ts";
import { compileExpression, type Expression } from "../expression.ts";
import { buildCommandExample } from "./build-command-example.ts";
import { type FaultPath, listOf, placeOf, plainPath, type Report } from "./build-report.ts";
import type { CommandForm } from "./command-form.ts";

/** `words`: those of the profile's topics. */
export function buildCommand(
  form: CommandForm,
  place: FaultPath,
  codec: Codec,
  words: ReadonlySet<string>,
  report: Report,
): CommandMapping {
  const known = new Set(["id", "device", ...words, ...Object.keys(form.params)]);
  const check = (names: readonly string[], field: string): void => {
    for (const name of names)
      if (!known.has(name))
        report([...place, field], `{${name}} is no parameter of it and no word of the topic`);
  };
  if (form.tries > 1 && !form.repeatable)
    report(
      [...place, "tries"],
      "it is sent once unless it is repeatable",
      "write repeatable: true",
    );
  const { name, about, danger, repeatable, tries } = form;
  return {
    ...{ name, about, danger, repeatable, tries },
    params: buildParams(form, place, report),
    way: buildWay(form, place, check, report),
    ...(form.reply && { reply: buildReply(form, form.reply, place, codec, known, report) }),
    timeoutMs: form.timeout,
    validMs: form.expires,
    examples: form.examples.map((example) => buildCommandExample(example)),
  };
}

function buildParams(
  { params }: CommandForm,
  place: FaultPath,
  report: Report,
): ReadonlyMap<string, ParamMapping> {
  const mappings = new Map<string, ParamMapping>();
  for (const [name, form] of Object.entries(params)) {
    const at = [...place, "params", name];
    if (name === "id" || name === "device") report(at, `{${name}} stands for something else`);
    if (form.type === "number" && form.range && form.range[0] > form.range[1])
      report([...at, "range"], "its lower end is above its upper");
    const mapping = buildParam(form);
    mappings.set(name, mapping);
    if (mapping.default === undefined) continue;
    const wrong = checkParams(new Map([[name, mapping]]), {});
    if ("problem" in wrong) report([...at, "default"], wrong.problem);
  }
  return mappings;
}

function buildParam(form: CommandForm["params"][string]): ParamMapping {
  const shared = {
    ...(form.about !== undefined && { about: form.about }),
    ...(form.default !== undefined && { default: form.default }),
  };
  switch (form.type) {
    case "number":
      return {
        ...shared,
        type: "number",
        ...(form.unit !== undefined && { unit: form.unit }),
        ...(form.range && { range: form.range }),
        ...(form.step !== undefined && { step: form.step }),
      };
    case "boolean":
      return { ...shared, type: "boolean" };
    case "text":
      return { ...shared, type: "text", ...(form.values && { values: form.values }) };
  }
}

type Check = (names: readonly string[], field: string) => void;

function buildWay(form: CommandForm, place: FaultPath, check: Check, report: Report): CommandWay {
  const { frame, payload, qos, retain, topic, write } = form;
  const ways = [topic, frame, write].filter((one) => one !== undefined);
  if (ways.length !== 1)
    report(place, "a command has one of topic, frame and write: how it leaves for the device");
  if (topic === undefined && payload !== undefined)
    report([...place, "payload"], "a payload goes to a topic");
  if (frame !== undefined) {
    const parts = "text" in frame ? parseFrameText(frame.text) : parseFrameHex(frame.hex);
    if ("problem" in parts) report([...place, "frame"], parts.problem);
    else check(wordsOfFrame(parts), "frame");
    return { kind: "frame", parts: "problem" in parts ? [] : parts };
  }
  if (write !== undefined) {
    const { at, many, offset, order, scale, table, type } = write;
    const shape = {
      type,
      ...(order !== undefined && { order }),
      ...(scale !== undefined && { scale }),
      ...(offset !== undefined && { offset }),
    };
    const tried =
      table === "coil" ? [0] : encodeRegisters(shape, type.startsWith("text") ? "" : (offset ?? 0));
    if ("problem" in tried && /type/.test(tried.problem))
      report([...place, "write"], tried.problem);
    const value = buildValue(write.value);
    check(wordsOfValue(value), "write");
    return { kind: "registers", table, at, shape, value, single: !many };
  }
  const parts = parseText(topic ?? "");
  check(wordsOfText(parts), "topic");
  if (/[+#]/.test(topic ?? ""))
    report([...place, "topic"], "a topic that is published to has no + and no #");
  const template = buildPayload(payload, [...place, "payload"], report);
  check("text" in template ? wordsOfText(template.text) : wordsOfValue(template.json), "payload");
  return { kind: "message", topic: parts, payload: template, qos, retain };
}

/** A text that looks like JSON would not be any more, once a word with quotes is filled in. */
function buildPayload(payload: unknown, place: FaultPath, report: Report): PayloadTemplate {
  if (payload === undefined) return { text: [] };
  if (typeof payload !== "string") return { json: buildValue(payload) };
  const text = parseText(payload);
  if (
    wordsOfText(text).length > 0 &&
    text.some((part) => typeof part === "string" && part.includes('"'))
  )
    report(
      place,
      "words are filled into JSON as values",
      "write the payload as YAML, not as a text",
    );
  return { text };
}

function buildValue(value: unknown): ValueTemplate {
  if (typeof value === "string") return { parts: parseText(value) };
  if (Array.isArray(value)) return { list: value.map(buildValue) };
  if (typeof value === "object" && value !== null)
    return { members: Object.entries(value).map(([key, one]) => [key, buildValue(one)]) };
  return typeof value === "number" || typeof value === "boolean" ? value : null;
}

function wordsOfValue(value: ValueTemplate): string[] {
  if (value === null || typeof value !== "object") return [];
  if ("parts" in value) return wordsOfText(value.parts);
  if ("list" in value) return value.list.flatMap(wordsOfValue);
  return value.members.flatMap(([, one]) => wordsOfValue(one));
}

/** `codec`: that of the profile, with what stands beside it. */
function codecOfReply(
  chosen: Codec | undefined,
  codec: Codec,
  at: FaultPath,
  report: Report,
): Codec {
  if (chosen === undefined || chosen.name === codec.name) return codec;
  if (chosen.needsOptions)
    report(
      at,
      `${chosen.name} needs ${chosen.options}, which an answer has only as the profile has`,
    );
  return chosen;
}

function buildReply(
  { topic: published }: CommandForm,
  form: NonNullable<CommandForm["reply"]>,
  place: FaultPath,
  codec: Codec,
  known: ReadonlySet<string>,
  report: Report,
): ReplyMapping {
  const at = [...place, "reply"];
  const { id, refused, text, topic = [], when } = form;
  const topics = listOf(topic).map((one, nth): readonly TextPart[] => {
    if (/[+#]/.test(one))
      report(placeOf([...at, "topic"], topic, nth), "write {words}, not + or #");
    return parseText(one);
  });
  if (published !== undefined && topics.length === 0)
    report(at, "an answer over MQTT comes in on a topic", "write topic: where it comes");
  const words = new Set([...known, ...topics.flatMap(wordsOfText)]);
  const compile = (written: string | undefined, field: string): Expression | undefined => {
    if (written === undefined) return undefined;
    const expression = compileExpression(written, "condition");
    if ("problem" in expression) {
      report([...at, field], `${expression.problem}, at character ${expression.column}`);
      return undefined;
    }
    for (const word of expression.words)
      if (!words.has(word)) report([...at, field], `nothing here is called topic.${word}`);
    return expression;
  };
  const conditions = { when: compile(when, "when"), refused: compile(refused, "refused") };
  return {
    topics,
    codec: codecOfReply(form.codec, codec, [...at, "codec"], report),
    ...(conditions.when && { when: conditions.when }),
    ...(conditions.refused && { refused: conditions.refused }),
    ...(id !== undefined && { id: plainPath(id, [...at, "id"], report) }),
    ...(text !== undefined && { text: plainPath(text, [...at, "text"], report) }),
  };
}
