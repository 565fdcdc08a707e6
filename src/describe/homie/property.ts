import type { Reading } from "../description.ts";
import { meantUnit } from "../meant-unit.ts";
import { slug } from "../slug.ts";
import type { Template } from "../template/template.ts";

const wholePayload: Template = ({ text }) => text;
const numbers = new Set(["integer", "float", "percent"]);
const truths = new Map([
  ["true", true],
  ["false", false],
]);

/** One property of a Homie device; undefined where it does not say what it sends. */
export function propertyReading(
  base: string,
  node: string,
  id: string,
  { datatype, unit }: Readonly<Record<string, unknown>>,
): Reading | undefined {
  if (typeof datatype !== "string") return undefined;
  const names = [...new Set([slug(node), slug(id)])];
  const isNumber = numbers.has(datatype);
  const word = typeof unit === "string" && unit !== "#" ? unit : "";
  const meant = isNumber
    ? meantUnit(datatype === "percent" && word === "" ? "%" : word, undefined)
    : {};
  return {
    key: `${node}/${id}`,
    topic: `${base}/${node}/${id}`,
    name: names.join("_"),
    template: wholePayload,
    templateText: "",
    type: isNumber ? "number" : datatype === "boolean" ? "listed" : "text",
    ...(datatype === "boolean" && { values: truths }),
    ...(meant.unit !== undefined && { unit: meant.unit }),
    ...(meant.conversion !== undefined && { conversion: meant.conversion }),
    ...(meant.unknown !== undefined && { unknownUnit: meant.unknown }),
    alarm: false,
  };
}
