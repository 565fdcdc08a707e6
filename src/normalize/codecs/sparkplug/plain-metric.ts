/** A metric as a plain value, as profiles see it. */
import type { DataSet } from "./data-set.ts";
import type { DataType } from "./data-type.ts";
import { meaningOf } from "./meaning.ts";
import type { Metric } from "./metric.ts";
import type { PlainWriter } from "./plain-writer.ts";
import type { Properties } from "./property-set.ts";
import type { RawValue } from "./raw-value.ts";

export function plainMetric(
  metric: Metric,
  writer: PlainWriter,
): Readonly<Record<string, unknown>> {
  const { alias, dataType, isHistorical, isTransient, name, properties, timestamp, value } = metric;
  return {
    ...(name !== undefined && { name }),
    ...(alias !== undefined && { alias: writer.scalar(alias) }),
    ...(timestamp !== undefined && { timestamp: writer.scalar(timestamp) }),
    ...(dataType !== undefined && { type: dataType }),
    ...(isHistorical && { historical: true }),
    ...(isTransient && { transient: true }),
    ...(properties !== undefined && { properties: plainProperties(properties, writer) }),
    value: plainValue(value, dataType, name ?? "a metric", writer),
  };
}

function plainValue(
  raw: RawValue | undefined,
  type: DataType | undefined,
  name: string,
  writer: PlainWriter,
): unknown {
  if (raw === undefined) return null;
  if (raw.kind === "data-set") return plainDataSet(raw.value, name, writer);
  if (raw.kind === "template") {
    const { metrics, of } = raw.value;
    const inner = metrics.map((metric) => plainMetric(metric, writer));
    return { ...(of !== undefined && { template: of }), metrics: inner };
  }
  const meant = meaningOf(raw, type);
  if (meant === undefined)
    return raw.kind === "bytes" ? Buffer.from(raw.value).toString("hex") : null;
  if (meant === null || typeof meant !== "object") return writer.scalar(meant);
  if ("problem" in meant) return writer.misfit(`${name.slice(0, 64)} ${meant.problem}`);
  return meant.map((one) => writer.scalar(one));
}

function plainDataSet({ columns, rows, types }: DataSet, name: string, writer: PlainWriter) {
  return {
    columns,
    rows: rows.map((row) =>
      row.map((cell, at) => plainValue(cell, types[at], columns[at] ?? name, writer)),
    ),
  };
}

/** Names of strangers: no key of an object may be one that objects have already. */
function plainProperties(properties: Properties, writer: PlainWriter): Record<string, unknown> {
  const entries = [...properties].map(([name, { type, value }]) => [
    name,
    plainValue(value, type, name, writer),
  ]);
  return Object.fromEntries(entries);
}
