import type { SourceSurroundings } from "../source-kind.ts";
import { type Deliveries, openDeliveries } from "./deliveries.ts";

const tables = new WeakMap<SourceSurroundings, Promise<Deliveries>>();

/**
 * The table of open QoS 2 messages of a gateway: its first broker opens it, all share it, and it is
 * closed when they are stopped. Throws `buffer.version` as `openDeliveries` does.
 */
export function sharedDeliveries(surroundings: SourceSurroundings): Promise<Deliveries> {
  const table = tables.get(surroundings) ?? open(surroundings);
  tables.set(surroundings, table);
  return table;
}

async function open(surroundings: SourceSurroundings): Promise<Deliveries> {
  const { atEnd, folder } = surroundings;
  const table = await openDeliveries({ ...surroundings, folder: `${folder}/qos2` });
  atEnd(() => table.close());
  return table;
}
