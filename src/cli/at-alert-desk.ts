import { AlertDesk } from "../app/alert-desk.ts";
import { type ServerOptions, serversOf } from "./servers-of.ts";
import { placeOf } from "./site.ts";

export interface AlertsOptions extends ServerOptions {
  readonly output: "text" | "json";
}

/** Works with the alerts of the backbone that the options name, and lets go of it. */
export async function atAlertDesk(
  options: AlertsOptions,
  work: (desk: AlertDesk, maxShelveMs: number) => Promise<void>,
): Promise<void> {
  const place = await placeOf(options.config);
  const desk = new AlertDesk(place, await serversOf(place, options));
  try {
    await work(desk, place.config.alerts.max_shelve);
  } finally {
    await desk.close();
  }
}
