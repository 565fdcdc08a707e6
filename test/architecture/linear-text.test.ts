/**
 * No text stalls the loop. Everything that reads text of devices, topics, files and servers gets
 * 256 KiB of what is worst for it. Work that grows with the square of the text would take minutes
 * here, far beyond what a test is given.
 */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { printFaults } from "../../src/config/print-faults.ts";
import { parseDuration } from "../../src/core/duration.ts";
import { decodeEvent } from "../../src/core/event-codec.ts";
import { kindOfType } from "../../src/core/event-kind.ts";
import { matchesGlob, maxGlobLength } from "../../src/core/glob.ts";
import { isId, parseEventId } from "../../src/core/ids.ts";
import { parseListenAddress } from "../../src/core/listen-address.ts";
import { maskSecrets } from "../../src/core/mask-secrets.ts";
import { printable } from "../../src/core/printable.ts";
import { parseSize } from "../../src/core/size.ts";
import { parseGatewaySubjects } from "../../src/core/subject.ts";
import { suggest } from "../../src/core/suggest.ts";
import { escapeToken, unescapeToken } from "../../src/core/token.ts";
import { coversFilter, isTopicFilter, matchesTopic } from "../../src/core/topic-filter.ts";
import { parseTraceParent, parseTraceState } from "../../src/core/trace-context.ts";
import { homeAssistant } from "../../src/describe/home-assistant/convention.ts";
import { compileTemplate, isProblem, openMessage } from "../../src/describe/template/template.ts";
import { codecs } from "../../src/normalize/codecs.ts";
import { decode } from "../../src/normalize/decode.ts";
import { createNormalizer } from "../../src/normalize/normalizer.ts";
import { parsePath } from "../../src/normalize/paths/path.ts";
import { parseRfc3339, parseZone } from "../../src/normalize/times/rfc3339.ts";
import { parseTopicTemplate } from "../../src/normalize/topics/topic-template.ts";
import { isNoValue } from "../../src/normalize/values/no-value.ts";
import { parseNumber } from "../../src/normalize/values/parse-number.ts";
import { matchesAny } from "../../src/rules/select.ts";
import { parseTemplate } from "../../src/rules/words/template.ts";
import { KeyReader } from "../../src/screen/key-reader.ts";
import { span } from "../../src/screen/line.ts";
import { renderLine } from "../../src/screen/render-line.ts";
import { parsePasswordHash } from "../../src/sources/mqtt-broker/password.ts";
import { givenCatalog, givenMessage, givenProfile } from "../normalize/given.ts";
import { ManualClock } from "../support/manual-clock.ts";

const length = 256 * 1024;

const catalog = givenCatalog({
  profiles: [
    givenProfile(),
    givenProfile({
      profile: "acme/words",
      match: { topic: "{device}/{word}/state" },
      device: { prefix: "{word}-" },
      metrics: [{ name: "{word}", path: "$", type: "any" }],
      codec: "text",
    }),
    givenProfile({
      profile: "sluicegate/generic",
      match: undefined,
      metrics: [{ name: "{key}", path: "**", type: "any" }],
    }),
  ],
});
const normalize = createNormalizer({
  catalog,
  maxSkewMs: 300_000,
  maxAgeMs: 30 * 86_400_000,
  maxRejectedBytes: 4_096,
});

function message(topic: string, payload: string): void {
  normalize(givenMessage(topic, payload), true);
}

const glob = (unit: string): string => unit.repeat(maxGlobLength).slice(0, maxGlobLength - 1);

const templates = [
  ...["{{ value | float(0) }}", "{{ value.split(' ') | length }}", "{{ value | title | trim }}"],
  ...["{{ value | replace('a', 'b') }}", "{{ value | format(1) }}", "{{ value | as_datetime(0) }}"],
].flatMap((text) => {
  const template = compileTemplate(text);
  return isProblem(template) ? [] : [template];
});

interface Reader {
  /** What is read, and by what. */
  readonly what: string;
  readonly read: (text: string) => unknown;
  /** Pieces that the bad cases are made of: what the reader looks for, and what is nearly that. */
  readonly pieces: readonly string[];
}

const readers: readonly Reader[] = [
  ...codecs.map((codec) => ({
    what: `a payload by the codec ${codec.name}`,
    read: (text: string) => decode(codec, Buffer.from(text), 0),
    pieces: ["1", ".", "e", "-", " ", "x", "[", "{", '"a":', "\\u", '"', codec.example.payload],
  })),
  {
    what: "the payload of a message",
    read: (text) => message("a/b/state", text),
    pieces: ["1", ".", "x", '{"a":', "[", '"'],
  },
  {
    what: "a message that describes a device",
    read: (text) =>
      homeAssistant("homeassistant").read(
        new Map([
          ["homeassistant/sensor/a/b/config", JSON.stringify({ name: text, stat_t: text })],
        ]),
      ),
    pieces: ["a", "_", " ", "é", "/", "+", "-"],
  },
  {
    what: "a template of a description",
    read: compileTemplate,
    pieces: ["{{", "}}", "{%", "%}", "value", "|", "(", "'", "\\", " ", "1", "set a=", "-"],
  },
  {
    what: "a payload by templates of a description",
    read: (text) => templates.map((template) => template(openMessage(text, text))),
    pieces: ["a", " ", "1", ".", "-", "e", "%", "T"],
  },
  {
    what: "the topic of a message",
    read: (text) => message(text, "1"),
    pieces: ["/", "a", "-", "+", "{", "state", "\0"],
  },
  { what: "a path of a profile", read: parsePath, pieces: ['["', '"]', ".", "*", "a", " "] },
  {
    what: "a topic template",
    read: parseTopicTemplate,
    pieces: ["/", "{", "}", "a", "{device}", "_"],
  },
  {
    what: "a time",
    read: (text) => parseRfc3339(text, 0),
    pieces: ["2026-11-21T14:02:10", ".", "1", "Z", "+"],
  },
  { what: "a traceparent", read: parseTraceParent, pieces: ["0", "-", "a", "00-"] },
  { what: "a tracestate", read: parseTraceState, pieces: ["a", "=", ",", " ", "@", "1"] },
  { what: "a zone", read: parseZone, pieces: ["+", "0", ":"] },
  {
    what: "a number in a text",
    read: parseNumber,
    pieces: ["1", ".", ",", " ", "'", "e", "-", "V"],
  },
  { what: "a word for no value", read: isNoValue, pieces: [" ", "nan", "-"] },
  { what: "a topic filter", read: isTopicFilter, pieces: ["/", "+", "#", "a"] },
  {
    what: "a topic against a filter",
    read: (text) => matchesTopic(text, text),
    pieces: ["/", "+", "#", "a"],
  },
  {
    what: "a filter against a filter",
    read: (text) => coversFilter(text, text),
    pieces: ["/", "+", "#", "a"],
  },
  {
    what: "a name against a pattern",
    read: (text) => matchesGlob(glob("*a"), text),
    pieces: ["a", "b", "?"],
  },
  {
    what: "a name against a pattern of one star",
    read: (text) => matchesGlob(`*${glob("a")}b`, text),
    pieces: ["a", "b"],
  },
  { what: "a pattern for names", read: (text) => matchesGlob(text, text), pieces: ["*", "?", "a"] },
  {
    what: "a device against a pattern of a rule",
    read: (text) => matchesAny([`*${glob("a")}*`], text),
    pieces: ["a", "b", "*"],
  },
  {
    what: "a text of a rule",
    read: parseTemplate,
    pieces: ["{{", "}}", "a", "|", " ", "fixed(1)"],
  },
  { what: "a duration", read: parseDuration, pieces: ["1", ".", "ms", " "] },
  { what: "a size", read: parseSize, pieces: ["1", ".", "KiB", " "] },
  { what: "an event id", read: parseEventId, pieces: [".", "a", "aaaaaaaa", "1", ".aaaaaaaa.1"] },
  { what: "an id", read: isId, pieces: ["a", "\0", "\ud800"] },
  { what: "a name for a token", read: escapeToken, pieces: ["a", "=", "é", "."] },
  { what: "a token", read: unescapeToken, pieces: ["a", "=", "=41", "=C3"] },
  { what: "a filter of a stream", read: parseGatewaySubjects, pieces: [".", "ev", "=", ">"] },
  { what: "a type of an event", read: kindOfType, pieces: ["io.sluicegate.", "a", "-", ".v1"] },
  { what: "an event", read: decodeEvent, pieces: ['{"id":', '"', "a.", "[", "1"] },
  { what: "text for a terminal", read: printable, pieces: ["\u001b", "a", "\ud800", "\u202e"] },
  {
    what: "a line on a screen",
    read: (text) => renderLine([span(text)], 80, { color: true, unicode: true }),
    pieces: ["\u001b", "a", "冷", "\u0301", "👩\u200d", "1\ufe0f", "\u{1f1e9}"],
  },
  {
    what: "keys of a terminal",
    read: (text) => new KeyReader(new ManualClock(), () => {}).take(Buffer.from(text)),
    pieces: ["\u001b", "[", "]", "1", ";", "a", "\\", "O"],
  },
  {
    what: "text with secrets",
    read: maskSecrets,
    pieces: ["://", "@", "password", ":", " ", "a", '"', "{", "token:a,", "token:'a"],
  },
  {
    what: "a word that may be a mistake",
    read: (text) => suggest(text, ["sources", "backbone"]),
    pieces: ["s", "o"],
  },
  { what: "an address to listen on", read: parseListenAddress, pieces: ["[", "]", ":", "1", "a"] },
  { what: "a password hash", read: parsePasswordHash, pieces: ["$7$", "$", "1", "a", "="] },
  {
    what: "a line of a file with a fault",
    read: (text) => {
      const place = { line: 1, column: 9, width: 1, text };
      return printFaults([{ file: "a", code: "x", path: [], message: text, place }], 1, "text");
    },
    pieces: ["a: ", "\n", " ", "password: ", '"', "\t"],
  },
];

describe("reading takes no longer than the text is long", () => {
  it.each(readers)("$what", ({ pieces, read }) => {
    const few = fc
      .array(fc.constantFrom(...pieces), { maxLength: 3 })
      .map((words) => words.join(""));
    const some = fc
      .array(fc.constantFrom(...pieces), { minLength: 1, maxLength: 2 })
      .map((words) => words.join(""));
    // A start that fits, a long middle that goes on fitting, and an end that does not.
    const worst = fc
      .tuple(few, some, few)
      .map(([start, middle, end]) => start + middle.repeat(length / middle.length) + end);
    fc.assert(
      fc.property(worst, (text) => {
        read(text);
      }),
      {
        numRuns: 20,
        examples: pieces.map((piece) => [`${piece.repeat(length / piece.length)}\u0007`]),
      },
    );
    expect.assertions(0);
  });
});
