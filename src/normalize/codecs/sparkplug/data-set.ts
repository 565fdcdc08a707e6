/** A table in a metric: columns with types, and rows. */
import { type DataType, dataTypeOf } from "./data-type.ts";
import { type ProtobufReader, wireTypes } from "./protobuf-reader.ts";
import { type RawValue, readScalar } from "./raw-value.ts";

export interface DataSet {
  readonly columns: readonly string[];
  readonly types: readonly (DataType | undefined)[];
  /** A cell without a value is undefined. */
  readonly rows: readonly (readonly (RawValue | undefined)[])[];
}

export function readDataSet(reader: ProtobufReader): DataSet {
  const columns: string[] = [];
  const types: (DataType | undefined)[] = [];
  const rows: (RawValue | undefined)[][] = [];
  while (reader.next()) {
    const { field, wireType } = reader;
    if (field === 2 && wireType === wireTypes.bytes && reader.counts()) columns.push(reader.text());
    else if (field === 3 && wireType === wireTypes.varint) types.push(dataTypeOf(reader.varint()));
    else if (field === 3 && wireType === wireTypes.bytes) readPacked(reader, types);
    else if (field === 4 && wireType === wireTypes.bytes && reader.counts())
      rows.push(readRow(reader.inner()));
    else reader.skip();
  }
  return { columns, types, rows };
}

/** Encoders of the third version of the format pack lists of numbers. */
function readPacked(reader: ProtobufReader, types: (DataType | undefined)[]): void {
  for (const byte of reader.bytes()) types.push(dataTypeOf(byte));
}

function readRow(reader: ProtobufReader): (RawValue | undefined)[] {
  const cells: (RawValue | undefined)[] = [];
  while (reader.next()) {
    if (reader.field === 1 && reader.wireType === wireTypes.bytes && reader.counts())
      cells.push(readCell(reader.inner()));
    else reader.skip();
  }
  return cells;
}

function readCell(reader: ProtobufReader): RawValue | undefined {
  let value: RawValue | undefined;
  while (reader.next()) {
    const found = readScalar(reader, 1);
    if (found === undefined) reader.skip();
    else value = found;
  }
  return value;
}
