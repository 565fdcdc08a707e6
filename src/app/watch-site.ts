import type { LoadedSite } from "../config/site/load-site.ts";
import type { SiteAgain } from "../config/site/site-again.ts";
import type { Clock, Timer } from "../core/clock.ts";

/** How often the files are looked at. */
const everyMs = 5_000;

export interface SiteWatch {
  stop(): void;
}

/** Calls `changed` whenever a file of the site's configuration or of its own profiles is another. */
export function watchSite(
  site: LoadedSite,
  again: SiteAgain,
  clock: Clock,
  changed: () => Promise<unknown>,
): SiteWatch {
  let known: string | undefined;
  let timer: Timer | undefined;
  let stopped = false;
  const look = async (): Promise<void> => {
    const print = await again.print(site);
    const isNews = known !== undefined && print !== known;
    known = print;
    if (isNews && !stopped) await changed();
    if (!stopped) timer = clock.setTimer(everyMs, () => void look());
  };
  void look();
  return {
    stop() {
      stopped = true;
      timer?.cancel();
    },
  };
}
