/** What payloads cost: by codec, and by profile in its parts. */
import { type FigureGroup, formatRate } from "./figures.ts";
import type { CodecsAnswer, CountArguments } from "./programs/reports.ts";
import type { Workshop } from "./workshop.ts";

/** `count` is how often each is read. */
export async function measureCodecs(workshop: Workshop, count: number): Promise<FigureGroup[]> {
  const options: CountArguments = { count };
  const { codecs, profiles } = await workshop.result<CodecsAnswer>("codecs-alone", options);
  return [
    {
      title: "Codecs, each on its example: payloads read",
      figures: codecs.map(({ name, us }) => ({ what: name, measured: `${us.toFixed(2)} µs` })),
    },
    {
      title: "Profiles, each on its first measurement: decode + metrics + encode",
      figures: profiles.map(({ decodeUs, encodeUs, events, metricsUs, name }) => {
        const parts = [decodeUs, metricsUs, encodeUs].map((us) => us.toFixed(2)).join(" + ");
        const perSecond = (events * 1e6) / (decodeUs + metricsUs + encodeUs);
        return { what: `${name} (${parts} µs)`, measured: formatRate(perSecond) };
      }),
    },
  ];
}
