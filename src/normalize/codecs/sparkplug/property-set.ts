/** What is said of a metric beside its value: its unit, its quality, its limits. */
import { type DataType, dataTypeOf } from "./data-type.ts";
import { type ProtobufReader, wireTypes } from "./protobuf-reader.ts";
import { type RawValue, readScalar } from "./raw-value.ts";

export interface Property {
  readonly type: DataType | undefined;
  /** Undefined for null. */
  readonly value: RawValue | undefined;
}

/** By name; of two with one name the last counts. Sets within sets are passed over. */
export type Properties = ReadonlyMap<string, Property>;

export function readPropertySet(reader: ProtobufReader): Properties {
  const keys: string[] = [];
  const values: Property[] = [];
  while (reader.next()) {
    const { field, wireType } = reader;
    const isMessage = wireType === wireTypes.bytes && (field === 1 || field === 2);
    if (!isMessage || !reader.counts()) reader.skip();
    else if (field === 1) keys.push(reader.text());
    else values.push(readProperty(reader.inner()));
  }
  const properties = new Map<string, Property>();
  for (const [at, key] of keys.entries()) {
    const value = values[at];
    if (value !== undefined) properties.set(key, value);
  }
  return properties;
}

function readProperty(reader: ProtobufReader): Property {
  let type: DataType | undefined;
  let value: RawValue | undefined;
  let isNull = false;
  while (reader.next()) {
    const { field, wireType } = reader;
    if (field === 1 && wireType === wireTypes.varint) type = dataTypeOf(reader.varint());
    else if (field === 2 && wireType === wireTypes.varint) isNull = reader.varint() !== 0;
    else {
      const found = readScalar(reader, 3);
      if (found === undefined) reader.skip();
      else value = found;
    }
  }
  return { type, value: isNull ? undefined : value };
}
