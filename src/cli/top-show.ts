/** `top` as a screen: what is known is drawn each second, at each key and at each change of size. */
import { systemClock } from "../app/system-clock.ts";
import { sleep } from "../core/clock.ts";
import { LivingScreen } from "../screen/living-screen.ts";
import type { Look } from "../screen/look.ts";
import type { Size } from "../screen/painter.ts";
import { listOf } from "./devices-text.ts";
import { type AlertSource, momentOf } from "./top-alerts.ts";
import { firstShown } from "./top-devices.ts";
import { devicePage, type TopPage, topLines } from "./top-screen.ts";
import { firstView, pressed, type TopView } from "./top-view.ts";
import type { TopWatch } from "./top-watch.ts";

/** Devices that are asked for beyond those that are shown: a few pages of scrolling. */
const ahead = 100;
const everyMs = 1_000;

export interface TopShow {
  readonly watch: TopWatch;
  /** Ends the show, whoever aborts it. */
  readonly ending: AbortController;
  readonly look: Look;
  /** Where alerts of the whole site are read now. */
  readonly alerts: () => AlertSource | undefined;
}

/** Resolves when the screen is given back. */
export async function showTop({ alerts, ending, look, watch }: TopShow): Promise<void> {
  const { signal } = ending;
  let view: TopView = firstView;
  let size: Size = { columns: 80, rows: 24 };
  const pageNow = (): TopPage => ({ ...momentOf(watch.glance, alerts()), view, look });
  const ask = (): void => {
    const limit = view.above + size.rows + ahead;
    watch.want({ order: view.order, search: view.search, limit: String(limit) });
  };
  const take = (key: string): void => {
    const page = pageNow();
    const rows = devicePage(page, size);
    const next = pressed(view, key, rows);
    if (next === "end") {
      ending.abort();
      return;
    }
    const known = listOf(page.glance.devices?.["devices"]).length;
    const isOther = next.order !== view.order || next.search !== view.search;
    view = { ...next, above: firstShown(next.above, known, rows) };
    if (isOther || view.above + rows + ahead / 2 > known) ask();
  };
  const screen = new LivingScreen({
    ...{ stdin: process.stdin, stdout: process.stdout, clock: systemClock, look },
    lines: (now) => {
      size = now;
      return topLines(pageNow(), now);
    },
    onKey: take,
    onGone: () => ending.abort(),
  });
  ask();
  screen.open();
  try {
    const watching = watch.watch(signal, () => screen.draw());
    while (!signal.aborted) {
      await sleep(systemClock, everyMs, signal);
      screen.draw();
    }
    await watching;
  } finally {
    screen.close();
  }
}
