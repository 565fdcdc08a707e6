/**
 * What the server tells live, by topic, as signals. What comes between two pictures of the screen is
 * shown with the next one, so the page draws at the pace of the screen, however much comes.
 */
import { type ReadonlySignal, type Signal, signal } from "@preact/signals";
import { type RowChanges, type RowMap, rowsOf, withChanges } from "./row-map.ts";

const mostRows = 20_000;
/** What flows has no end: who shows it keeps what it shows. */
const mostFlowing = 500;

export interface LiveTopic {
  /** Rows by key; a map of its own after every change. */
  readonly rows: ReadonlySignal<RowMap>;
  /** False until all there is has come. */
  readonly isLoaded: ReadonlySignal<boolean>;
}

interface Shelf {
  readonly rows: Signal<RowMap>;
  readonly isLoaded: Signal<boolean>;
  /** As the frames have it, which is shown with the next picture. */
  newest: RowMap | undefined;
}

export class LiveStore {
  readonly #topics = new Map<string, Shelf>();
  readonly #nextPicture: (show: () => void) => void;
  #isWaiting = false;

  /** `nextPicture` calls back when the screen is drawn next. */
  constructor(nextPicture: (show: () => void) => void) {
    this.#nextPicture = nextPicture;
  }

  topic(name: string): LiveTopic {
    return this.#shelf(name);
  }

  /** What is known of a topic now, whether it is shown yet or not; undefined before its snapshot. */
  newest(name: string): RowMap | undefined {
    const shelf = this.#topics.get(name);
    return shelf?.newest ?? (shelf?.isLoaded.peek() ? shelf.rows.peek() : undefined);
  }

  take(kind: "snapshot" | "delta", name: string, changes: RowChanges): void {
    const shelf = this.#shelf(name);
    const before = this.newest(name);
    // Changes to what was never whole would show a part as if it were all.
    if (kind === "delta" && !before) return;
    const most = name.startsWith("live:") ? mostFlowing : mostRows;
    shelf.newest =
      kind === "snapshot" || !before ? rowsOf(changes) : withChanges(before, changes, most);
    if (this.#isWaiting) return;
    this.#isWaiting = true;
    this.#nextPicture(() => this.#show());
  }

  /** Forgets the rows of topics that nobody looks at: they would be of long ago when shown again. */
  keepOnly(names: ReadonlySet<string>): void {
    for (const [name, shelf] of this.#topics) {
      if (names.has(name)) continue;
      shelf.newest = undefined;
      shelf.isLoaded.value = false;
      shelf.rows.value = new Map();
    }
  }

  #show(): void {
    this.#isWaiting = false;
    for (const shelf of this.#topics.values()) {
      if (!shelf.newest) continue;
      shelf.rows.value = shelf.newest;
      shelf.newest = undefined;
      shelf.isLoaded.value = true;
    }
  }

  #shelf(name: string): Shelf {
    const found = this.#topics.get(name);
    if (found) return found;
    const shelf: Shelf = { rows: signal(new Map()), isLoaded: signal(false), newest: undefined };
    this.#topics.set(name, shelf);
    return shelf;
  }
}
