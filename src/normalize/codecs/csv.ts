import * as z from "zod";
import { bareNumber } from "./bare-number.ts";
import type { Decoded, TextCodec } from "./codec.ts";
import { type Cell, splitRows } from "./csv-rows.ts";
import { maxLines, ReadLines } from "./lines.ts";
import { recordOf } from "./record-of.ts";

const columnName = z.string().min(1).max(64);

/** What a profile may say of a text of columns. */
export const csvOptions = z
  .strictObject({
    separator: z
      .string()
      .length(1, "a separator is one character")
      .default(",")
      .describe("Between columns; a blank stands for any number of blanks."),
    decimal: z.enum([".", ","]).default(".").describe("The decimal mark."),
    columns: z
      .array(columnName)
      .min(1)
      .max(256)
      .optional()
      .describe("Names of the columns; without, they are counted from 0."),
    header: z.boolean().default(false).describe("The first line names the columns."),
    lines: z.boolean().default(false).describe("Gives a list of rows, one for each line."),
  })
  .refine(({ columns, header }) => columns === undefined || !header, {
    message: "the names are in the header or in columns; take one of them away",
    path: ["columns"],
  })
  .refine(({ decimal, separator }) => decimal !== separator, {
    message: "the decimal mark separates columns, too; write another separator",
    path: ["decimal"],
  })
  .transform((options): TextCodec => ({ ...csv, decode: (text) => readCsv(text, options) }));

type Options = Pick<z.input<typeof csvOptions>, "columns" | "decimal" | "header" | "lines"> & {
  readonly separator: string;
};

export const csv: TextCodec = {
  name: "csv",
  about: "columns with a separator",
  reads: "text",
  options: "csv",
  decode: (text) => readCsv(text, { separator: "," }),
  example: { payload: 'C1,026.9,"N",,7', value: ["C1", 26.9, "N", null, 7] },
};

function readCsv(text: string, { columns, decimal, header, lines, separator }: Options): Decoded {
  const rows = splitRows(text, separator);
  if (rows === undefined) return { ok: false, reason: "a quote is not closed" };
  const names = header ? rows.shift()?.map((cell) => cell.text) : columns;
  const several = lines || header;
  if (rows.length === 0) return { ok: false, reason: "no row is in the payload" };
  if (!several && rows.length > 1)
    return {
      ok: false,
      reason: `payload has ${rows.length} lines; csv: { lines: true } gives a list of them`,
    };
  if (rows.length > maxLines)
    return { ok: false, reason: `payload has more than ${maxLines} lines` };
  const read = new ReadLines();
  const values = rows.map((row) => {
    const cells = row.map((cell) => cellValue(cell, decimal));
    if (names === undefined) return cells;
    return recordOf(
      cells.map((value, at) => [names[at] ?? String(at), value]),
      read,
    );
  });
  return read.decodedAs(several ? values : values[0]);
}

function cellValue({ quoted, text }: Cell, decimal: "." | "," | undefined): unknown {
  if (text === "") return null;
  return quoted ? text : (bareNumber(text, decimal) ?? text);
}
