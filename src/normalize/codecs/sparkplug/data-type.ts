/** The types of values in Sparkplug B, by their numbers (specification 3.0, 6.4.16). */

const names = [
  ...["Unknown", "Int8", "Int16", "Int32", "Int64", "UInt8", "UInt16", "UInt32", "UInt64"],
  ...["Float", "Double", "Boolean", "String", "DateTime", "Text", "UUID", "DataSet", "Bytes"],
  ...["File", "Template", "PropertySet", "PropertySetList", "Int8Array", "Int16Array"],
  ...["Int32Array", "Int64Array", "UInt8Array", "UInt16Array", "UInt32Array", "UInt64Array"],
  ...["FloatArray", "DoubleArray", "BooleanArray", "StringArray", "DateTimeArray"],
] as const;

export type DataType = (typeof names)[number];

/** Undefined for a number that names no type, and for `Unknown`. */
export function dataTypeOf(number: number | bigint): DataType | undefined {
  return typeof number === "number" && number > 0 ? names[number] : undefined;
}

/** Bits of the whole numbers; negative for those with a sign. */
export const wholeBits: ReadonlyMap<DataType | undefined, number> = new Map([
  ...([
    ["Int8", -8],
    ["Int16", -16],
    ["Int32", -32],
    ["Int64", -64],
  ] as const),
  ...([
    ["UInt8", 8],
    ["UInt16", 16],
    ["UInt32", 32],
    ["UInt64", 64],
  ] as const),
  ["DateTime", 64],
]);

export function dataTypeNamed(name: string): DataType | undefined {
  return names.find((one) => one === name);
}
