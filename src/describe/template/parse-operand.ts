/** Compiles a single value with what hangs on it: keys, calls of methods, filters. */
import { applyFilter, call, list, lookUp, mapping } from "./compose.ts";
import { filters } from "./filters.ts";
import { functions, methods } from "./functions.ts";
import { parseArguments } from "./parse-arguments.ts";
import type { Term } from "./scope.ts";
import { slice } from "./texts.ts";
import type { TokenReader } from "./token-reader.ts";

const nothing: Term = () => undefined;

const constants: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ["true", true],
  ["True", true],
  ["false", false],
  ["False", false],
  ["none", null],
  ["None", null],
  // What the entity is now, and stays where a template gives that: there is nothing new.
  ["this", {}],
]);

/** A value, then `.key`, `[key]`, `.method(…)` and `| filter`, any number of times. */
export function parsePostfix(reader: TokenReader): Term {
  let term = parsePrimary(reader);
  for (;;) {
    if (reader.take(".")) term = parseMember(reader, term);
    else if (reader.take("[")) term = parseKey(reader, term);
    else if (reader.take("|")) term = parseFilter(reader, term);
    else return term;
  }
}

function parsePrimary(reader: TokenReader): Term {
  const { kind, text } = reader.skip();
  if (kind === "text") return constant(text);
  if (kind === "number") return constant(Number(text));
  if (kind === "name") return parseName(reader, text);
  if (text === "(") return parseInBrackets(reader);
  if (text === "[") return list(parseList(reader, "]"));
  if (text === "{") return parseMapping(reader);
  reader.fail(kind === "end" ? "a value is missing" : `"${text}" stands where a value should`);
  return nothing;
}

function parseName(reader: TokenReader, name: string): Term {
  if (reader.knownNames.has(name)) return ({ names }) => names.get(name);
  if (name === "value") return ({ message }) => message.text;
  if (name === "value_json") return ({ message }) => message.json;
  if (constants.has(name)) return constant(constants.get(name));
  const found = functions.get(name);
  if (found === undefined) reader.fail(`"${name}" is not known`);
  if (found === undefined || !reader.take("(")) {
    reader.fail(`"${name}" stands without its arguments`);
    return nothing;
  }
  return call(parseArguments(reader, name, found.names), found.run);
}

function parseInBrackets(reader: TokenReader): Term {
  if (reader.take(")")) return list([]);
  const first = reader.takeExpression();
  if (reader.take(")")) return first;
  reader.expect(",");
  return list([first, ...parseList(reader, ")")]);
}

function parseMember(reader: TokenReader, term: Term): Term {
  if (reader.next.kind === "number") return lookUp(term, constant(Number(reader.skip().text)));
  const name = reader.takeName();
  if (!reader.take("(")) return lookUp(term, constant(name));
  const method = methods.get(name);
  if (method === undefined) {
    reader.fail(`the method "${name}" is not known`);
    return nothing;
  }
  return call([term, ...parseArguments(reader, name, method.names)], method.run);
}

function parseKey(reader: TokenReader, term: Term): Term {
  const first = reader.isAt(":") ? undefined : reader.takeExpression();
  if (!reader.take(":")) {
    reader.expect("]");
    return lookUp(term, first ?? nothing);
  }
  const last = reader.isAt("]") ? undefined : reader.takeExpression();
  reader.expect("]");
  return call([term, first, last], slice);
}

function parseFilter(reader: TokenReader, term: Term): Term {
  const name = reader.takeName();
  const filter = filters.get(name);
  if (filter === undefined) {
    reader.fail(`the filter "${name}" is not known`);
    return nothing;
  }
  const args = reader.take("(") ? parseArguments(reader, name, filter.names) : [];
  return applyFilter(filter, term, args);
}

function parseList(reader: TokenReader, closing: string): Term[] {
  const terms: Term[] = [];
  while (!reader.isAtEnd && !reader.isAt(closing)) {
    terms.push(reader.takeExpression());
    if (!reader.take(",")) break;
  }
  reader.expect(closing);
  return terms;
}

function parseMapping(reader: TokenReader): Term {
  const pairs: (readonly [Term, Term])[] = [];
  while (!reader.isAtEnd && !reader.isAt("}")) {
    const key = reader.takeExpression();
    reader.expect(":");
    pairs.push([key, reader.takeExpression()]);
    if (!reader.take(",")) break;
  }
  reader.expect("}");
  return mapping(pairs);
}

function constant(value: unknown): Term {
  return () => value;
}
