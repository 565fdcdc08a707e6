import type { Term } from "./scope.ts";
import type { TokenReader } from "./token-reader.ts";

/**
 * Compiles what stands between the brackets of a call, from behind the opening one, in the order of
 * `names`; of arguments that are left out there is nothing. `...` takes any number.
 */
export function parseArguments(
  reader: TokenReader,
  callee: string,
  names: readonly string[],
): (Term | undefined)[] {
  const args: (Term | undefined)[] = [];
  while (!reader.isAtEnd && !reader.isAt(")")) {
    const name = reader.next.kind === "name" ? reader.next.text : "";
    if (names.includes(name) && reader.takeNamed())
      args[names.indexOf(name)] = reader.takeExpression();
    else args.push(reader.takeExpression());
    if (!reader.take(",")) break;
  }
  reader.expect(")");
  if (args.length > names.length && !names.includes("..."))
    reader.fail(`"${callee}" has at most ${names.length} arguments`);
  return Array.from(args);
}
