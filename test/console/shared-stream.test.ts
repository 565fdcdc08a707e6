import { expect, test } from "vitest";
import type { TabLocks } from "../../src/console/state/election.ts";
import { LiveStore } from "../../src/console/state/live-store.ts";
import {
  SharedStream,
  type StreamWorld,
  type TabChannel,
  type TabMessage,
} from "../../src/console/state/shared-stream.ts";
import type { LineEvents } from "../../src/console/state/stream-line.ts";

/** The lines that tabs of one browser opened to the server. */
interface FakeLine {
  readonly topics: readonly string[];
  readonly after: string;
  readonly events: LineEvents;
  isOpen: boolean;
}

/** What tabs say reaches all others a moment later, in order. */
function openChannels(): () => TabChannel {
  const channels = new Set<TabChannel>();
  return () => {
    const channel: TabChannel = {
      onmessage: null,
      postMessage: (data) => {
        const message = new MessageEvent<TabMessage>("message", { data: structuredClone(data) });
        for (const other of channels)
          if (other !== channel)
            queueMicrotask(() => channels.has(other) && other.onmessage?.(message));
      },
      close: () => channels.delete(channel),
    };
    channels.add(channel);
    return channel;
  };
}

/** A browser with tabs, its clock, and locks where the page is a secure context. */
function openBrowser(isSecure: boolean) {
  const openChannel = openChannels();
  const lines: FakeLine[] = [];
  const clock = { nowMs: 1_000_000 };
  const locks = isSecure ? new FakeLocks() : undefined;
  const tabs: Tab[] = [];
  const openTab = (): Tab => {
    const store = new LiveStore((show) => show());
    const state = { isVisible: true };
    const world: StreamWorld = {
      channel: openChannel(),
      locks,
      nowMs: () => clock.nowMs,
      isVisible: () => state.isVisible,
      openLine: (topics, after, events) => {
        const line = { topics, after, events, isOpen: true };
        lines.push(line);
        const close = (): void => {
          line.isOpen = false;
        };
        return { lastId: `boot-${lines.length}`, close };
      },
      checkSession: () => {},
    };
    const tab = { stream: new SharedStream(world, store), store, state };
    tabs.push(tab);
    return tab;
  };
  const open = (): FakeLine[] => lines.filter(({ isOpen }) => isOpen);
  /** Time goes on, for all tabs but those that the browser has put to sleep. */
  const pass = async (ms: number, asleep: readonly Tab[] = []): Promise<void> => {
    for (let passed = 0; passed < ms; passed += 500) {
      clock.nowMs += 500;
      for (const tab of tabs) if (!asleep.includes(tab)) tab.stream.tick();
      await new Promise(setImmediate);
    }
  };
  return { lines, open, openTab, pass };
}

interface Tab {
  readonly stream: SharedStream;
  readonly store: LiveStore;
  readonly state: { isVisible: boolean };
}

/** Locks of one name, as browsers have them. */
class FakeLocks implements TabLocks {
  #held: { reject(): void } | undefined;
  readonly #queue: (() => void)[] = [];

  request(_: string, options: LockOptions, run: () => Promise<void>): Promise<void> {
    return new Promise((resolve, reject) => {
      const own = { reject: () => reject(new Error("stolen")) };
      const grant = (): void => {
        this.#held = own;
        void run().then(() => {
          if (this.#held === own) this.#next();
          resolve();
        });
      };
      if (options.steal) {
        this.#held?.reject();
        grant();
      } else if (this.#held) {
        this.#queue.push(grant);
        options.signal?.addEventListener("abort", () => {
          const at = this.#queue.indexOf(grant);
          if (at >= 0) this.#queue.splice(at, 1);
          reject(new Error("taken back"));
        });
      } else {
        this.#held = own;
        queueMicrotask(grant);
      }
    });
  }

  #next(): void {
    this.#held = undefined;
    this.#queue.shift()?.();
  }
}

const kinds = [
  ["with locks, in a secure context", true],
  ["by heartbeat, on plain HTTP in a local network", false],
] as const;

test.each(kinds)("seven tabs have one line, %s", async (_, isSecure) => {
  const { open, openTab, pass } = openBrowser(isSecure);
  const tabs = Array.from({ length: 7 }, openTab);
  await pass(3_000);
  expect(open()).toHaveLength(1);
  const [line] = open();
  line?.events.onRows("snapshot", "devices", { a: { n: 1 } });
  line?.events.onRows("delta", "devices", { a: { n: 2 } });
  await pass(500);
  for (const { store } of tabs)
    expect([...store.topic("devices").rows.value]).toEqual([["a", { n: 2 }]]);
});

test.each(kinds)("a tab that goes away is followed by another, %s", async (_, isSecure) => {
  const { open, openTab, pass } = openBrowser(isSecure);
  const first = openTab();
  await pass(1_000);
  openTab();
  openTab();
  await pass(1_000);
  first.stream.stop();
  await pass(8_000, [first]);
  expect(open()).toHaveLength(1);
});

test.each(kinds)(
  "a leader that sleeps is followed by a tab that is seen, %s",
  async (_, isSecure) => {
    const { lines, open, openTab, pass } = openBrowser(isSecure);
    const sleeper = openTab();
    await pass(1_000);
    sleeper.state.isVisible = false;
    openTab();
    await pass(15_000, [sleeper]);
    await pass(5_000);
    expect(open()).toHaveLength(1);
    expect(lines.length).toBeGreaterThan(1);
  },
);

test.each(kinds)("the line carries what any tab looks at, and no more, %s", async (_, isSecure) => {
  const { open, openTab, pass } = openBrowser(isSecure);
  const leader = openTab();
  await pass(1_000);
  const other = openTab();
  await pass(1_000);
  const base = ["alerts", "devices", "status"];
  expect(open()[0]?.topics).toEqual(base);
  const end = other.stream.want("commands");
  await pass(1_000);
  expect(open()[0]).toMatchObject({
    topics: ["alerts", "commands", "devices", "status"],
    after: "",
  });
  open()[0]?.events.onRows("snapshot", "commands", { c: { n: 1 } });
  await pass(500);
  expect(other.store.newest("commands")?.size).toBe(1);
  leader.stream.want("commands")();
  end();
  await pass(1_000);
  expect(open()[0]?.topics).toContain("commands");
  await pass(6_000);
  expect(open()[0]?.topics).toEqual(base);
  // What came already need not come again.
  expect(open()[0]?.after).not.toBe("");
});

test("a tab that begins to look at what another shows is given all of it", async () => {
  const { open, openTab, pass } = openBrowser(false);
  const leader = openTab();
  leader.stream.want("plans");
  await pass(1_500);
  open()[0]?.events.onRows("snapshot", "plans", { p: { n: 1 } });
  const other = openTab();
  await new Promise(setImmediate);
  await pass(1_000);
  other.stream.want("plans");
  await pass(500);
  expect([...(other.store.newest("plans") ?? [])]).toEqual([["p", { n: 1 }]]);
  expect(open()).toHaveLength(1);
});
