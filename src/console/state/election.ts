/**
 * Which tab of a browser holds the stream for all of them: browsers open six connections to a host
 * and no more, over all tabs. Where the page is a secure context, a lock of the browser decides; on
 * plain HTTP in a local network there are none, and the tab that hears no leader for a while leads.
 * A leader that the browser has put to sleep is silent, and a tab that is looked at takes over.
 */

/** What an election needs of the browser. */
export interface ElectionWorld {
  /** `navigator.locks`; undefined outside of a secure context. */
  readonly locks: TabLocks | undefined;
  nowMs(): number;
  isVisible(): boolean;
}

/** Of `LockManager`, what is needed. */
export interface TabLocks {
  request(name: string, options: LockOptions, run: () => Promise<void>): Promise<unknown>;
}

const lockName = "sluicegate-stream";
/** A leader speaks every two seconds, and with every frame. */
const silentWithLockMs = 10_000;
const silentMs = 4_000;
/** A tab that was just opened only asks who leads. */
const firstSilenceMs = 400;

export class Election {
  readonly #tab: string;
  readonly #world: ElectionWorld;
  readonly #onChange: (leads: boolean) => void;
  #sinceMs: number | undefined;
  #heardMs: number;
  #patienceMs = firstSilenceMs;
  #release: (() => void) | undefined;
  #waiting: AbortController | undefined;

  /** `onChange` is told when this tab begins or ends to lead. */
  constructor(tab: string, world: ElectionWorld, onChange: (leads: boolean) => void) {
    this.#tab = tab;
    this.#world = world;
    this.#onChange = onChange;
    this.#heardMs = world.nowMs();
    this.#queue();
  }

  get leads(): boolean {
    return this.#sinceMs !== undefined;
  }

  /** Since when this tab leads; of two that lead, the later one goes on. */
  get sinceMs(): number {
    return this.#sinceMs ?? 0;
  }

  /** Another tab says that it leads. */
  heard(tab: string, sinceMs: number): void {
    this.#heardMs = this.#world.nowMs();
    this.#patienceMs = silentMs;
    // Where there are locks, who holds it leads, whatever others still say.
    if (!this.leads || this.#world.locks) return;
    const isLater = sinceMs === this.sinceMs ? tab > this.#tab : sinceMs > this.sinceMs;
    if (isLater) this.#stepDown();
  }

  /** To be called every half second or so. */
  tick(): void {
    if (this.leads) return;
    const silenceMs = this.#world.nowMs() - this.#heardMs;
    if (!this.#world.locks) {
      if (silenceMs > this.#patienceMs) this.#lead();
    } else if (silenceMs > silentWithLockMs && this.#world.isVisible()) {
      this.#heardMs = this.#world.nowMs();
      this.#waiting?.abort();
      this.#ask({ steal: true });
    }
  }

  /** Leads no more and does not want to. */
  stop(): void {
    this.#waiting?.abort();
    this.#sinceMs = undefined;
    this.#release?.();
  }

  #queue(): void {
    if (!this.#world.locks) return;
    this.#waiting = new AbortController();
    this.#ask({ signal: this.#waiting.signal });
  }

  #ask(options: LockOptions): void {
    const held = this.#world.locks?.request(lockName, options, () => {
      this.#lead();
      return new Promise<void>((resolve) => {
        this.#release = resolve;
      });
    });
    // It rejects when the lock was taken from us, or when the question was taken back.
    held?.catch(() => {
      if (this.leads) this.#stepDown();
    });
  }

  #lead(): void {
    this.#sinceMs = this.#world.nowMs();
    this.#onChange(true);
  }

  #stepDown(): void {
    this.#sinceMs = undefined;
    this.#heardMs = this.#world.nowMs();
    this.#release?.();
    this.#release = undefined;
    this.#onChange(false);
    this.#queue();
  }
}
