import { PastDesk } from "../app/past-desk.ts";
import { type ServerOptions, serversOf } from "./servers-of.ts";
import { placeOf } from "./site.ts";

/** Works with the streams of the backbone that the options name, and lets go of it. */
export async function atPastDesk(
  options: ServerOptions,
  name: string,
  work: (desk: PastDesk) => Promise<void>,
): Promise<void> {
  const place = await placeOf(options.config);
  const desk = new PastDesk(place, await serversOf(place, options), name);
  try {
    await work(desk);
  } finally {
    await desk.close();
  }
}

/** Aborted by Ctrl-C and by whoever ends the process in order. */
export function untilStopped(): AbortSignal {
  const ending = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
    process.once(signal, () => ending.abort());
  return ending.signal;
}
