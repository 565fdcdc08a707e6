import type { AlertTransition } from "../../src/core/alert.ts";
import { toStreamSeq } from "../../src/core/ids.ts";
import { EditedRoutes } from "../../src/notify/edited-routes.ts";
import { GatewayCatchUp } from "../../src/notify/gateway-catch-up.ts";
import { notifyOptions } from "../../src/notify/options.ts";
import { Pace } from "../../src/notify/pace.ts";
import type { Delivery, Notice } from "../../src/notify/receiver.ts";
import { RouteTable } from "../../src/notify/route-table.ts";
import type { Standing } from "../../src/notify/standing.ts";
import { TellTurn } from "../../src/notify/tell-turn.ts";
import { ToldEpisodes, type ToldEpisodesState } from "../../src/notify/told-episodes.ts";
import { type ToldState, ToldTransitions } from "../../src/notify/told-transitions.ts";
import { WaitingInstances } from "../../src/notify/waiting-instances.ts";
import type { WaitingParts } from "../../src/notify/waiting-parts.ts";
import { ManualClock } from "./manual-clock.ts";
import { silentLogger } from "./silence.ts";

interface SavedCursor {
  readonly read: number;
  readonly told: ToldState;
  readonly episodes: ToldEpisodesState;
  readonly parts: WaitingParts;
}

const calm: Standing = { acked: false, hidden: undefined, flapping: false };

function routesOf(notify: object): RouteTable {
  const receivers = { mail: { kind: "log" }, boss: { kind: "log" } };
  return new RouteTable(notifyOptions.parse({ receivers, default: ["mail"], ...notify }));
}

/** What a notice says, in a word for each alert: `f1-1.1 f2-1.1`. */
export const saidIn = ({ alerts, cause }: Notice): string =>
  `${cause === "change" ? "" : `${cause}: `}${alerts.map(({ transition }) => transition.id).join(" ")}`;

/** All of telling one receiver but streams and sockets, on a clock that a test moves. */
export class TellingDesk {
  readonly clock = new ManualClock();
  readonly told: Notice[] = [];
  readonly standings = new Map<string, Partial<Standing>>();
  /** What becomes of a notice; everything is taken where it says nothing. */
  answer: (notice: Notice, attempt: number) => Delivery | undefined = () => undefined;
  passed = 0;
  #routes: RouteTable;
  readonly #alone: boolean;
  readonly #stream: AlertTransition[] = [];
  #saved: SavedCursor | undefined;
  #run: ReturnType<TellingDesk["start"]> | undefined;
  #attempts = 0;

  constructor(notify: object, alone = false) {
    this.#routes = routesOf(notify);
    this.#alone = alone;
  }

  /** Goes on as `receiver` from what was saved last. */
  start(receiver = "mail") {
    const { clock } = this;
    const saved = this.#saved;
    const stopping = new AbortController();
    const told = new ToldTransitions(saved?.told ?? {});
    const episodes = new ToldEpisodes(saved?.episodes ?? {});
    const catchUp = new GatewayCatchUp(clock);
    const planFor = (one: AlertTransition) => this.#routes.planFor(receiver, one);
    const standings = {
      readUpTo: toStreamSeq(1_000_000),
      onRead: () => {},
      setAside: () =>
        [...this.standings].flatMap(([one, { hidden }]) =>
          hidden === "shelved" || hidden === "out of service" ? [one] : [],
        ),
      of: ({ instance }: { instance: string }) => ({ ...calm, ...this.standings.get(instance) }),
    };
    const shared = { clock, told, episodes, catchUp, planFor, standings, alone: this.#alone };
    const onPassed = (_: string, transitions: number): void => {
      this.passed += transitions;
    };
    const parts = saved?.parts ?? { waiting: {}, flushed: {}, notices: {} };
    const waiting = new WaitingInstances(parts, { ...shared, onReady: () => {}, onPassed });
    const pace = new Pace(clock, () => {});
    const save = (): void => {
      if (stopping.signal.aborted) return;
      const parts: WaitingParts = JSON.parse(JSON.stringify(waiting.state()));
      const state = { told: told.state(), episodes: episodes.state(), parts };
      this.#saved = { read: run.read, ...JSON.parse(JSON.stringify(state)) };
    };
    const telling = new TellTurn({
      ...shared,
      waiting,
      pace,
      logger: silentLogger,
      random: () => 0.5,
      keeper: { noteChange: () => {}, noteTry: () => {} },
      stopping: stopping.signal,
      keep: async () => {
        save();
        return true;
      },
      readNext: async ({ instance }, from) => {
        for (let seq = Math.max(1, from); seq <= this.#stream.length; seq += 1) {
          const transition = this.#stream[seq - 1];
          if (transition?.instance === instance)
            return { transition, streamSeq: toStreamSeq(seq), storedMs: clock.wallMs() };
        }
        return undefined;
      },
      delivery: {
        name: receiver,
        giveUpAfterMs: 86_400_000,
        clock,
        attempts: { record: async () => true },
        onAttempt: () => {},
        receiver: { deliver: async (notice) => this.#deliver(notice) },
      },
    });
    const run = {
      read: saved?.read ?? 0,
      told,
      episodes,
      waiting,
      pace,
      telling,
      save,
      stopping,
      catchUp,
    };
    this.#run = run;
    return run;
  }

  /** Appends to the stream; who runs reads it at once. */
  append(...transitions: readonly AlertTransition[]): void {
    this.#stream.push(...transitions);
    this.#read();
  }

  /** Lets time pass, half a second at a time, as the courier does. */
  async pass(ms: number): Promise<void> {
    await this.settle();
    for (let passed = 0; passed < ms; passed += 500) {
      await this.clock.advance(Math.min(500, ms - passed));
      this.#run?.waiting.tick();
      await this.settle();
      this.#run?.save();
    }
  }

  /** Tells all that may go. */
  async settle(): Promise<void> {
    const run = this.#run;
    while (run?.pace.open && !run.stopping.signal.aborted) {
      const turn = run.waiting.take(run.pace.openAgain, run.pace.prefersFresh);
      if (!turn) return;
      await run.telling.tell(turn, new AbortController().signal);
    }
  }

  /** The process is gone without a word; another one goes on from what was saved. */
  kill(receiver = "mail"): void {
    this.#run?.stopping.abort();
    this.#run?.waiting.queue.stop();
    this.start(receiver);
    this.#read();
  }

  /** The routes are edited, which takes another process. */
  reroute(notify: object, receiver = "mail"): void {
    this.#run?.stopping.abort();
    this.#routes = routesOf(notify);
    const saved = this.#saved;
    if (saved) {
      const { episodes, parts, told } = saved;
      const edited = new EditedRoutes({ format: 2, mark: null, told, episodes, ...parts });
      for (const [index, transition] of this.#stream.slice(0, saved.read).entries())
        edited.take({ transition, streamSeq: toStreamSeq(index + 1) });
      const planFor = (one: AlertTransition) => this.#routes.planFor(receiver, one);
      const cursor = edited.cursor(planFor, this.#alone, this.clock.wallMs());
      const { waiting } = cursor;
      this.#saved = {
        ...saved,
        ...cursor,
        episodes: cursor.episodes ?? {},
        parts: { ...parts, waiting },
      };
    }
    this.kill(receiver);
  }

  get said(): readonly string[] {
    return this.told.map(saidIn);
  }

  get held(): object {
    return this.#run?.waiting.counts.held ?? {};
  }

  /** The gateway is heard up to now. */
  hear(site: string, gateway: string): void {
    for (const watched of this.#run?.catchUp.watched() ?? [])
      if (watched.site === site && watched.gateway === gateway)
        this.#run?.catchUp.noteWatermark(watched, this.clock.wallMs());
  }

  #read(): void {
    const run = this.#run;
    for (; run && run.read < this.#stream.length; ) {
      const transition = this.#stream[run.read];
      run.read += 1;
      if (transition) this.#admit(transition, run.read);
    }
  }

  #admit(transition: AlertTransition, seq: number): void {
    const run = this.#run;
    if (run?.told.has(transition)) run.episodes.moveTo(transition, seq);
    else run?.waiting.admit(transition, toStreamSeq(seq));
  }

  async #deliver(notice: Notice): Promise<Delivery> {
    this.#attempts += 1;
    const delivery = this.answer(notice, this.#attempts) ?? { kind: "delivered" };
    if (delivery.kind === "delivered") this.told.push(notice);
    return delivery;
  }
}
