/**
 * A gateway on two serial ports: bytes are damaged, left out and put in between, frames are cut by an
 * unplug again and again, and then there is a burst at the speed of 921,600 baud. One port checks its
 * frames; the other does not, and is the control.
 *
 * What is counted: a frame with damaged bytes behind its mark is one damage, however many they are.
 * Where a mark itself is damaged, or bytes are missing, frames next to each other can be one damage; so
 * in that part only what is stored is judged.
 */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { systemClock } from "../../src/app/system-clock.ts";
import { sleep } from "../../src/core/clock.ts";
import { createSeededRandom } from "../../src/simulate/seeded-random.ts";
import { PtyPort } from "../support/pty-port.ts";
import { waitUntil } from "../support/wait-until.ts";
import type { Arm } from "./arm.ts";
import { controlOf } from "./counts.ts";
import {
  damagedFrame,
  frameBytes,
  frameProfile,
  frameSource,
  mangledFrame,
  numberedFrame,
} from "./numbered-frames.ts";
import { storedFrames } from "./stored-frames.ts";
import { inTrial, type Trial } from "./trial.ts";
import { inWorkFolder } from "./uml/work-folder.ts";

/** Per byte. */
const damageShare = 0.01;
/** Frames of each part for each unplug of the figure. */
const framesPerRun = 100;
/** A line of 921,600 baud carries so many bytes in a second. */
const burstBytesPerSecond = 92_160;
const burstSeconds = 10;
/** A port that is back is open again within this. */
const openWithinMs = 2_000;

export const serialLine: Arm = {
  goal: "R19",
  title: "serial line damaged, cut, unplugged, in a burst",
  figures: { small: 5, ci: 200, nightly: 1_000 },
  missing: async () => undefined,
  run: (figure, note) =>
    inWorkFolder(async (folder) => {
      const seed = `serial-${Date.now()}`;
      note(`seed ${seed}`);
      const play = new SerialPlay(folder, seed, figure, note);
      const verdict = await play.run();
      return { runs: figure, declaredLost: 0, ...verdict };
    }),
};

class SerialPlay {
  readonly #folder: string;
  readonly #random: () => number;
  readonly #figure: number;
  readonly #note: (text: string) => void;
  readonly #checked: PtyPort;
  readonly #credulous: PtyPort;
  /** Numbers of frames that were said whole. */
  readonly #said: number[] = [];
  #n = 0;

  constructor(folder: string, seed: string, figure: number, note: (text: string) => void) {
    this.#folder = folder;
    this.#random = createSeededRandom(seed);
    this.#figure = figure;
    this.#note = note;
    this.#checked = new PtyPort(join(folder, "checked"));
    this.#credulous = new PtyPort(join(folder, "credulous"));
  }

  async run() {
    const sources = [
      frameSource("checked", this.#checked.path, true),
      frameSource("credulous", this.#credulous.path, false),
    ];
    const profiles = join(this.#folder, "profiles/acme");
    await mkdir(profiles, { recursive: true });
    await writeFile(join(profiles, "numbered.yaml"), frameProfile);
    const configuration = `profiles: { folders: [profiles] }
devices: [{ id: checked, profile: acme/numbered }, { id: credulous, profile: acme/numbered }]
`;
    await Promise.all([this.#checked.plug(), this.#credulous.plug()]);
    const options = { folder: this.#folder, boot: "serial", sources, configuration };
    try {
      return await inTrial(options, (trial) => this.#play(trial));
    } finally {
      await Promise.all([this.#checked.unplug(), this.#credulous.unplug()]);
    }
  }

  async #play(trial: Trial) {
    await trial.startBackbone();
    await trial.gateway.start();
    await this.#untilOpen(trial);

    // Who joins a line in the middle counts nothing in front of the first whole frame.
    await this.#sayWhole(1);
    this.#note("damaged bytes");
    const injected = await this.#spoil(damagedFrame);
    const counted = await this.#settled(trial);

    this.#note("bytes missing and too many");
    const mangled = await this.#spoil(mangledFrame);
    const beforeUnplugs = await this.#settled(trial);

    this.#note("unplugs");
    const { cut, slowestMs } = await this.#unplug(trial);
    const afterUnplugs = await this.#settled(trial);

    this.#note("a burst");
    const burstMs = await this.#burst();
    const afterBurst = await this.#settled(trial);

    const stored = storedFrames(await trial.drain());
    const missing = this.#said.filter((n) => !stored.checked.numbers.has(n));
    const cutCounted = afterUnplugs - beforeUnplugs;
    return {
      acked: this.#said.length,
      lost: missing.length,
      duplicated: stored.checked.count - stored.checked.numbers.size,
      reordered: stored.checked.reordered,
      control: controlOf(stored.credulous.invalid),
      ok:
        stored.checked.invalid === 0 &&
        missing.length + stored.checked.reordered === 0 &&
        stored.checked.count === stored.checked.numbers.size &&
        counted === injected &&
        cutCounted === cut &&
        afterBurst === afterUnplugs &&
        slowestMs <= openWithinMs,
      notes: [
        `${injected} frames damaged, ${counted} counted`,
        `${mangled} more with bytes missing or too many, none of ${this.#said.length} whole ones lost behind them`,
        `${cut} cut by unplugs, ${cutCounted} counted`,
        `open again after ${Math.round(slowestMs)} ms at most`,
        `burst of ${burstFrames} frames in ${(burstMs / 1_000).toFixed(1)} s`,
        `invalid events stored: ${stored.checked.invalid}; without a checksum ${stored.credulous.invalid}`,
      ],
    };
  }

  /** Spoiled frames among whole ones; gives how many. */
  async #spoil(spoil: typeof damagedFrame): Promise<number> {
    let spoiled = 0;
    for (let round = 0; round < this.#figure; round += 1) {
      const frames = Array.from({ length: framesPerRun }, () => {
        const frame = this.#next();
        const other = spoil(frame, damageShare, this.#random);
        if (other === undefined) this.#said.push(this.#n);
        else spoiled += 1;
        return other ?? frame;
      });
      await this.#say(frames);
    }
    await this.#sayWhole(2);
    return spoiled;
  }

  /** Unplugs in the middle of a frame, again and again; gives how many frames were cut by it. */
  async #unplug(trial: Trial) {
    let cut = 0;
    let slowestMs = 0;
    for (let round = 0; round < this.#figure; round += 1) {
      const whole = [this.#next(), this.#next()];
      this.#said.push(this.#n - 1, this.#n);
      const part = this.#next().subarray(0, 2 + Math.floor(this.#random() * (frameBytes - 2)));
      const received = (await trial.gateway.status()).flow.received;
      await this.#checked.say(Buffer.concat([...whole, part]));
      await waitUntil(
        async () => (await trial.gateway.status()).flow.received >= received + whole.length,
        "what was said before the unplug is read",
      );
      cut += 1;
      await this.#checked.unplug();
      await sleep(systemClock, this.#random() * 100);
      await this.#checked.plug();
      const backMs = systemClock.monotonicMs();
      await this.#untilOpen(trial);
      slowestMs = Math.max(slowestMs, systemClock.monotonicMs() - backMs);
    }
    await this.#sayWhole(2);
    return { cut, slowestMs };
  }

  /** As many bytes as such a line brings, and as fast; gives how long it took. */
  async #burst(): Promise<number> {
    const startMs = systemClock.monotonicMs();
    const together = 64;
    for (let said = 0; said < burstFrames; said += together) {
      const frames = Array.from({ length: together }, () => this.#next());
      this.#said.push(...frames.map((_, at) => this.#n - together + 1 + at));
      await this.#checked.say(Buffer.concat(frames));
      const dueMs = startMs + (said * frameBytes * 1_000) / burstBytesPerSecond;
      const aheadMs = dueMs - systemClock.monotonicMs();
      if (aheadMs > 5) await sleep(systemClock, aheadMs);
    }
    return systemClock.monotonicMs() - startMs;
  }

  #next(): Buffer {
    this.#n += 1;
    return numberedFrame(this.#n);
  }

  async #sayWhole(count: number): Promise<void> {
    const frames = Array.from({ length: count }, () => this.#next());
    this.#said.push(...frames.map((_, at) => this.#n - count + 1 + at));
    await this.#say(frames);
  }

  async #say(frames: readonly Buffer[]): Promise<void> {
    const bytes = Buffer.concat(frames);
    await Promise.all([this.#checked.say(bytes), this.#credulous.say(bytes)]);
  }

  async #untilOpen({ gateway }: Trial): Promise<void> {
    await waitUntil(
      async () =>
        (await gateway.status()).sources.every(
          ({ link }) => link === undefined || link.isConnected,
        ),
      "the ports are open",
    );
  }

  /** Everything that was said is read; gives how many damages were counted so far. */
  async #settled({ gateway }: Trial): Promise<number> {
    let received = -1;
    await waitUntil(
      async () => {
        const before = received;
        received = (await gateway.status()).flow.received;
        await sleep(systemClock, 3_500);
        return before === received;
      },
      "nothing more comes",
      600_000,
    );
    const { sources } = await gateway.status();
    const checked = sources.find(({ name }) => name === "serial checked");
    return (checked?.refusals ?? []).reduce((sum, { count }) => sum + count, 0);
  }
}

const burstFrames = Math.round((burstBytesPerSecond * burstSeconds) / frameBytes / 64) * 64;
