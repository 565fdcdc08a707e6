import { readDataSet } from "./data-set.ts";
import { type DataType, dataTypeOf } from "./data-type.ts";
import { type Properties, readPropertySet } from "./property-set.ts";
import { type ProtobufReader, type Varint, wireTypes } from "./protobuf-reader.ts";
import { type RawValue, readScalar } from "./raw-value.ts";

/** One metric of a payload, as it stands there. */
export interface Metric {
  /** Births have it; data may have the alias in its place. */
  readonly name: string | undefined;
  readonly alias: Varint | undefined;
  /** In ms since 1970, as everything that is a time. */
  readonly timestamp: Varint | undefined;
  readonly dataType: DataType | undefined;
  /** Sent late, and no news of how it is now. */
  readonly isHistorical: boolean;
  readonly isTransient: boolean;
  readonly properties: Properties | undefined;
  /** Undefined for null. */
  readonly value: RawValue | undefined;
}

type Draft = { -readonly [K in keyof Metric]: Metric[K] };

/** Metadata, which describes files and texts, is passed over. */
export function readMetric(reader: ProtobufReader): Metric {
  let isNull = false;
  const metric: Draft = {
    name: undefined,
    alias: undefined,
    timestamp: undefined,
    dataType: undefined,
    isHistorical: false,
    isTransient: false,
    properties: undefined,
    value: undefined,
  };
  while (reader.next()) {
    const { field, wireType } = reader;
    if (wireType === wireTypes.varint && field >= 2 && field <= 7) {
      const value = reader.varint();
      if (field === 2) metric.alias = value;
      else if (field === 3) metric.timestamp = value;
      else if (field === 4) metric.dataType = dataTypeOf(value);
      else if (field === 5) metric.isHistorical = value !== 0;
      else if (field === 6) metric.isTransient = value !== 0;
      else isNull = value !== 0;
    } else if (wireType === wireTypes.bytes && field === 1) metric.name = reader.text();
    else if (wireType === wireTypes.bytes && field === 9)
      metric.properties = readPropertySet(reader.inner());
    else {
      const value = readScalar(reader, 10) ?? readLarge(reader);
      if (value === undefined) reader.skip();
      else metric.value = value;
    }
  }
  if (isNull) metric.value = undefined;
  return metric;
}

function readLarge(reader: ProtobufReader): RawValue | undefined {
  if (reader.wireType !== wireTypes.bytes) return undefined;
  if (reader.field === 16) return { kind: "bytes", value: reader.bytes() };
  if (reader.field === 17) return { kind: "data-set", value: readDataSet(reader.inner()) };
  if (reader.field === 18) return { kind: "template", value: readTemplate(reader.inner()) };
  return undefined;
}

/** A value made of metrics: what PLCs call a structure. */
export interface Template {
  /** The name of its definition; undefined for the definition itself. */
  readonly of: string | undefined;
  readonly version: string | undefined;
  readonly isDefinition: boolean;
  readonly metrics: readonly Metric[];
}

/** Parameters, which configure and measure nothing, are passed over. */
export function readTemplate(reader: ProtobufReader): Template {
  let of: string | undefined;
  let version: string | undefined;
  let isDefinition = false;
  const metrics: Metric[] = [];
  while (reader.next()) {
    const { field, wireType } = reader;
    if (field === 1 && wireType === wireTypes.bytes) version = reader.text();
    else if (field === 2 && wireType === wireTypes.bytes && reader.counts())
      metrics.push(readMetric(reader.inner()));
    else if (field === 4 && wireType === wireTypes.bytes) of = reader.text();
    else if (field === 5 && wireType === wireTypes.varint) isDefinition = reader.varint() !== 0;
    else reader.skip();
  }
  return { of, version, isDefinition, metrics };
}
