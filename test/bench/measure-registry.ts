/** What it costs to know each device: per event, in memory, on disk and at a start. */
import { type FigureGroup, formatCount, formatMegabytes, formatMs } from "./figures.ts";
import type { RegistryAnswer, RegistryArguments } from "./programs/reports.ts";
import type { Workshop } from "./workshop.ts";

const devices = 10_000;

/** `count` is how many events are noted in each round. */
export async function measureRegistry(workshop: Workshop, count: number): Promise<FigureGroup> {
  const options: RegistryArguments = { count, devices, folder: await workshop.place() };
  const found = await workshop.result<RegistryAnswer>("registry-alone", options);
  const { aloneUs, withoutUs, withUs } = found;
  return {
    title: `The registry with ${formatCount(devices)} devices`,
    figures: [
      { what: "an event written", measured: formatUs(withoutUs) },
      { what: "an event written and noted", measured: formatUs(withUs) },
      { what: "an event noted", measured: formatUs(aloneUs) },
      { what: "memory", measured: formatMegabytes(found.memoryBytes) },
      { what: "one save", measured: formatMs(found.saveMs) },
      { what: "the longest turn in it", measured: formatMs(found.turnMs) },
      { what: "the file", measured: formatMegabytes(found.fileBytes) },
      { what: "the file read at a start", measured: formatMs(found.readMs) },
    ],
  };
}

function formatUs(us: number): string {
  return `${us.toFixed(2)} µs`;
}
