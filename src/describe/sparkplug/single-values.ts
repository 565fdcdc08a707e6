/** The single values of a payload: those of templates stand under the name of the template. */
import type { DataType } from "../../normalize/codecs/sparkplug/data-type.ts";
import type { Metric } from "../../normalize/codecs/sparkplug/metric.ts";
import type { Properties } from "../../normalize/codecs/sparkplug/property-set.ts";
import type { Varint } from "../../normalize/codecs/sparkplug/protobuf-reader.ts";
import type { RawValue } from "../../normalize/codecs/sparkplug/raw-value.ts";

export interface SingleValue {
  /** `Motor 1/Speed`. */
  readonly metric: string;
  readonly type: DataType | undefined;
  /** Its own, or that of the template around it. */
  readonly timestamp: Varint | undefined;
  readonly isHistorical: boolean;
  readonly properties: Properties | undefined;
  /** Undefined for null. */
  readonly value: RawValue | undefined;
}

/**
 * `name` is what the metric is called where its alias says that. Commands to the node, what counts its
 * births, and definitions of templates measure nothing.
 */
export function singleValues(metric: Metric, name: string): readonly SingleValue[] {
  if (isNoValue(name)) return none;
  const { dataType: type, isHistorical, properties, timestamp, value } = metric;
  if (value?.kind !== "template")
    return [{ metric: name, type, timestamp, isHistorical, properties, value }];
  if (value.value.isDefinition) return none;
  return value.value.metrics.flatMap((inner) => {
    // A template is read by the names of its members alone, so this one is unread, under its own.
    if (inner.name === undefined)
      return [{ metric: name, type, timestamp, isHistorical, properties, value }];
    const own = {
      ...inner,
      timestamp: inner.timestamp ?? timestamp,
      isHistorical: isHistorical || inner.isHistorical,
    };
    return singleValues(own, `${name}/${inner.name}`);
  });
}

const none: readonly SingleValue[] = [];

function isNoValue(name: string): boolean {
  return name === "bdSeq" || name.startsWith("Node Control/") || name.startsWith("Device Control/");
}
