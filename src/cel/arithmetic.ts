/**
 * Numbers as people write them: measured ones are doubles, and may be mixed with whole ones. What is
 * divided by zero is an error, for which the package would give infinity.
 */
import type { ASTNode, Environment } from "@marcbachmann/cel-js";

/** Makes doubles and whole numbers fit each other. */
export function registerArithmetic(environment: Environment): Environment {
  return environment
    .registerOperator("double * int", (one: number, other: bigint) => one * Number(other))
    .registerOperator("int * double", (one: bigint, other: number) => Number(one) * other)
    .registerOperator("double / int", (one: number, other: bigint) => one / Number(other))
    .registerOperator("int / double", (one: bigint, other: number) => Number(one) / other)
    .registerOperator("double + int", (one: number, other: bigint) => one + Number(other))
    .registerOperator("int + double", (one: bigint, other: number) => Number(one) + other)
    .registerOperator("double - int", (one: number, other: bigint) => one - Number(other))
    .registerOperator("int - double", (one: bigint, other: number) => Number(one) - other)
    .registerOperator("double % int", (one: number, other: bigint) => one % Number(other))
    .registerFunction("over(double, double): double", over)
    .registerFunction("over(double, int): double", over)
    .registerFunction("over(int, double): double", over)
    .registerFunction("over(int, int): int", (one: bigint, other: bigint) => one / other)
    .registerFunction("rest(double, int): double", rest)
    .registerFunction("rest(int, int): int", (one: bigint, other: bigint) => one % other);
}

function over(one: number | bigint, other: number | bigint): number {
  if (Number(other) === 0) throw new RangeError("divided by zero");
  return Number(one) / Number(other);
}

function rest(one: number, other: bigint): number {
  if (other === 0n) throw new RangeError("divided by zero");
  return one % Number(other);
}

/** The same expression, with divisions that are checked; what they give is of no other type for it. */
export function writeChecked(node: ASTNode): string {
  switch (node.op) {
    case "value":
    case "id":
    case ".?":
    case "[?]":
      return node.input.slice(node.start, node.end);
    case ".":
      return `${writeChecked(node.args[0])}.${node.args[1]}`;
    case "[]":
      return `${writeChecked(node.args[0])}[${writeChecked(node.args[1])}]`;
    case "call":
      return `${node.args[0]}(${listOf(node.args[1])})`;
    case "rcall":
      return `${writeChecked(node.args[1])}.${node.args[0]}(${listOf(node.args[2])})`;
    case "list":
      return `[${listOf(node.args)}]`;
    case "map":
      return "{}";
    case "?:": {
      const [condition, one, other] = node.args;
      return `(${writeChecked(condition)} ? ${writeChecked(one)} : ${writeChecked(other)})`;
    }
    case "!_":
    case "-_":
      return `(${node.op === "!_" ? "!" : "-"}${writeChecked(node.args)})`;
    case "/":
      return `dyn(over(${listOf(node.args)}))`;
    case "%":
      return `dyn(rest(${listOf(node.args)}))`;
    default:
      return `(${writeChecked(node.args[0])} ${node.op} ${writeChecked(node.args[1])})`;
  }
}

function listOf(nodes: readonly ASTNode[]): string {
  return nodes.map(writeChecked).join(", ");
}
