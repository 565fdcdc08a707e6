/** A value as it stands in the bytes: what it means depends on its type, which may be told elsewhere. */
import { utf8Text } from "../utf8.ts";
import type { DataSet } from "./data-set.ts";
import type { Template } from "./metric.ts";
import { type ProtobufReader, type Varint, wireTypes } from "./protobuf-reader.ts";

export type RawValue =
  /** 32 bits of a whole number, and 64. */
  | { readonly kind: "int" | "long"; readonly value: Varint }
  | { readonly kind: "float" | "double"; readonly value: number }
  | { readonly kind: "boolean"; readonly value: boolean }
  | { readonly kind: "string"; readonly value: string }
  | { readonly kind: "bytes"; readonly value: Uint8Array }
  | { readonly kind: "data-set"; readonly value: DataSet }
  | { readonly kind: "template"; readonly value: Template };

/**
 * The scalar at the reader; metrics, properties, parameters and cells have them in this order from
 * field `first` on. Undefined, and nothing is read, where the field is none of them.
 */
export function readScalar(reader: ProtobufReader, first: number): RawValue | undefined {
  const { field, wireType } = reader;
  const is = (place: number, type: number): boolean => field === first + place && wireType === type;
  if (is(0, wireTypes.varint)) return { kind: "int", value: reader.varint() };
  if (is(1, wireTypes.varint)) return { kind: "long", value: reader.varint() };
  if (is(2, wireTypes.fixed32)) return { kind: "float", value: reader.float() };
  if (is(3, wireTypes.fixed64)) return { kind: "double", value: reader.double() };
  if (is(4, wireTypes.varint)) return { kind: "boolean", value: reader.varint() !== 0 };
  if (is(5, wireTypes.bytes)) return textOf(reader.bytes());
  return undefined;
}

/** A text that is not UTF-8 is nothing but bytes. */
function textOf(bytes: Uint8Array): RawValue {
  const text = utf8Text(bytes);
  return text === null ? { kind: "bytes", value: bytes } : { kind: "string", value: text };
}
