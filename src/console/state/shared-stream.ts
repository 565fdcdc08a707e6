/**
 * One stream for all tabs of a browser. The tab that leads holds the connection and tells the others
 * what comes over it; they tell the leader what they want to see. What nobody wants is not asked for.
 */
import { type ReadonlySignal, signal } from "@preact/signals";
import { Election, type ElectionWorld } from "./election.ts";
import type { LiveStore } from "./live-store.ts";
import type { RowChanges } from "./row-map.ts";
import type { LineEvents, LineState } from "./stream-line.ts";

/** What tabs say to each other. */
export type TabMessage =
  | { kind: "lead"; tab: string; sinceMs: number; state: LineState }
  | { kind: "want"; tab: string; topics: readonly string[] }
  | { kind: "leave"; tab: string }
  | { kind: "rows"; to?: string; frame: "snapshot" | "delta"; topic: string; rows: RowChanges };

/** Of `BroadcastChannel`, what is needed. */
export interface TabChannel {
  onmessage: ((event: MessageEvent<TabMessage>) => void) | null;
  postMessage(message: TabMessage): void;
  close(): void;
}

/** A line that is open; a frame of it has the id that it was heard with last. */
interface OpenLine {
  readonly lastId: string;
  close(): void;
}

/** What it stands on; a test gives another world than a browser. */
export interface StreamWorld extends ElectionWorld {
  readonly channel: TabChannel;
  openLine(topics: readonly string[], after: string, events: LineEvents): OpenLine;
  /** Asked when the line was refused: finds out whether somebody is signed in. */
  checkSession(): void;
}

/** Shown whatever is looked at: the status bar and the navigation need them. */
const always = ["status", "devices", "alerts"];
const leadEveryMs = 2_000;
const wantEveryMs = 10_000;
/** A hidden tab may be let speak but once a minute. */
const forgetTabMs = 150_000;
/** What is not wanted any more stays for a moment: a screen that is left is often come back to. */
const lingerMs = 5_000;

export class SharedStream {
  readonly #world: StreamWorld;
  readonly #store: LiveStore;
  readonly #tab = `${Date.now().toString(36)}-${Math.random().toString(36).slice(2, 8)}`;
  readonly #wanted = new Map<string, number>();
  /** What somebody looks at no more, and when that counts. */
  readonly #left: { topic: string; atMs: number }[] = [];
  readonly #others = new Map<string, { topics: readonly string[]; heardMs: number }>();
  readonly #state = signal<LineState>("connecting");
  readonly #election: Election;
  #line: OpenLine | undefined;
  #lineTopics: readonly string[] = [];
  #spokeMs = 0;
  #heardRowsMs = 0;
  #isStopped = false;

  constructor(world: StreamWorld, store: LiveStore) {
    this.#world = world;
    this.#store = store;
    world.channel.onmessage = ({ data }) => this.#hear(data);
    this.#election = new Election(this.#tab, world, (leads) => this.#leads(leads));
    this.#sayWants();
  }

  /** How the connection is, in whichever tab it is. */
  get state(): ReadonlySignal<LineState> {
    return this.#state;
  }

  /** When the last rows came; 0 before the first. */
  get heardRowsMs(): number {
    return this.#heardRowsMs;
  }

  /** Begins to look at a topic; call what it gives to end that. */
  want(topic: string): () => void {
    this.#wanted.set(topic, (this.#wanted.get(topic) ?? 0) + 1);
    this.#sayWants();
    let isOver = false;
    return () => {
      if (isOver) return;
      isOver = true;
      this.#left.push({ topic, atMs: this.#world.nowMs() + lingerMs });
    };
  }

  /** To be called twice a second. */
  tick(): void {
    this.#election.tick();
    const nowMs = this.#world.nowMs();
    while (this.#left[0] && this.#left[0].atMs <= nowMs)
      this.#unwant(this.#left.shift()?.topic ?? "");
    if (this.#election.leads) {
      for (const [tab, { heardMs }] of this.#others)
        if (nowMs - heardMs > forgetTabMs) this.#others.delete(tab);
      this.#fitLine();
    }
    const everyMs = this.#election.leads ? leadEveryMs : wantEveryMs;
    if (nowMs - this.#spokeMs >= everyMs) this.#election.leads ? this.#sayLead() : this.#sayWants();
  }

  /** The page goes away, perhaps for good. */
  stop(): void {
    if (this.#isStopped) return;
    this.#say({ kind: "leave", tab: this.#tab });
    this.#line?.close();
    this.#line = undefined;
    this.#election.stop();
    this.#isStopped = true;
    this.#world.channel.close();
  }

  #unwant(topic: string): void {
    const count = (this.#wanted.get(topic) ?? 0) - 1;
    if (count > 0) this.#wanted.set(topic, count);
    else this.#wanted.delete(topic);
    if (count <= 0) this.#sayWants();
  }

  #leads(leads: boolean): void {
    this.#line?.close();
    this.#line = undefined;
    this.#lineTopics = [];
    this.#state.value = "connecting";
    if (leads) this.#sayLead();
    this.#sayWants();
  }

  /** Opens the line anew where other topics are wanted than it carries. */
  #fitLine(): void {
    const wanted = new Set([...always, ...this.#wanted.keys()]);
    for (const { topics } of this.#others.values()) for (const topic of topics) wanted.add(topic);
    const topics = [...wanted].sort();
    if (this.#line && topics.join() === this.#lineTopics.join()) return;
    // Where topics are only left out, what came already need not come again.
    const isLess = topics.every((topic) => this.#lineTopics.includes(topic));
    const after = isLess ? (this.#line?.lastId ?? "") : "";
    this.#line?.close();
    this.#lineTopics = topics;
    this.#store.keepOnly(wanted);
    this.#line = this.#world.openLine(topics, after, {
      onState: (state) => {
        this.#state.value = state;
        this.#sayLead();
      },
      onRows: (frame, topic, rows) => {
        this.#heardRowsMs = this.#world.nowMs();
        this.#store.take(frame, topic, rows);
        if (this.#others.size > 0) this.#say({ kind: "rows", frame, topic, rows });
      },
      onRefused: () => this.#world.checkSession(),
    });
  }

  #hear(message: TabMessage): void {
    switch (message.kind) {
      case "lead":
        this.#election.heard(message.tab, message.sinceMs);
        if (!this.#election.leads) this.#state.value = message.state;
        if (this.#others.delete(message.tab)) this.#sayWants();
        return;
      case "rows":
        if (this.#election.leads || (message.to ?? this.#tab) !== this.#tab) return;
        this.#heardRowsMs = this.#world.nowMs();
        this.#store.take(message.frame, message.topic, message.rows);
        return;
      case "want":
        this.#hearWants(message.tab, message.topics);
        return;
      case "leave":
        this.#others.delete(message.tab);
    }
  }

  /** A tab that begins to look at something is given all of it that is here. */
  #hearWants(tab: string, topics: readonly string[]): void {
    const before = this.#others.get(tab)?.topics;
    this.#others.set(tab, { topics, heardMs: this.#world.nowMs() });
    if (!this.#election.leads) return;
    if (!before) this.#sayLead();
    for (const topic of before ? topics : [...always, ...topics]) {
      const rows = before?.includes(topic) ? undefined : this.#store.newest(topic);
      if (rows)
        this.#say({
          ...{ kind: "rows", to: tab, frame: "snapshot", topic },
          rows: Object.fromEntries(rows),
        });
    }
    this.#fitLine();
  }

  #sayLead(): void {
    const { sinceMs } = this.#election;
    this.#say({ kind: "lead", tab: this.#tab, sinceMs, state: this.#state.peek() });
  }

  #sayWants(): void {
    const topics = [...this.#wanted.keys()];
    if (this.#election.leads) this.#fitLine();
    else {
      this.#store.keepOnly(new Set([...always, ...topics]));
      this.#say({ kind: "want", tab: this.#tab, topics });
    }
  }

  #say(message: TabMessage): void {
    if (this.#isStopped) return;
    this.#spokeMs = this.#world.nowMs();
    this.#world.channel.postMessage(message);
  }
}
