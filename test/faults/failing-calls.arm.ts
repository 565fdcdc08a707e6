/**
 * The system refuses what the running gateway asks of its disk: one call, or every call of a kind
 * from then on, until the disk heals or the gateway is killed. What was acknowledged stays, and
 * devices are heard again.
 */
import { join } from "node:path";
import { systemClock } from "../../src/app/system-clock.ts";
import { sleep } from "../../src/core/clock.ts";
import type { LedgerVerdict } from "../support/ledger.ts";
import type { Fault } from "../support/planted-program.ts";
import { attachStrace, readSystemCalls, straceMissing } from "../support/strace.ts";
import { waitUntil, waitWhileMoving } from "../support/wait-until.ts";
import type { Arm } from "./arm.ts";
import { controlOf, sumCounts } from "./counts.ts";
import { inTrial, type Trial } from "./trial.ts";
import { inWorkFolder } from "./uml/work-folder.ts";

interface Refusal {
  /** Names of system calls, as strace takes them. */
  readonly calls: string;
  readonly code: "EIO" | "ENOSPC" | "EINTR";
  /** The call that is refused, and whether all behind it are. */
  readonly when: string;
  /** How it ends. */
  readonly ending: "heals" | "killed";
}

/** Calls on files of the log, once it is open; nothing else in the gateway makes them then. */
const calls = [
  "openat",
  "pwrite64,pwritev",
  "fdatasync",
  "fsync",
  "pwrite64,pwritev,ftruncate",
  "unlink",
];
const codes = ["EIO", "ENOSPC", "EINTR"] as const;
/** Small segments that do not stay, so that files are made, renamed and removed all the time. */
const configuration =
  "buffer: { max_bytes: 8MiB, segment_bytes: 64KiB, hold_back: { max_bytes: 256KiB } }\n";
const refusedMs = 1_000;
const reachedWithinMs = 5_000;

export const failingCalls: Arm = {
  goal: "R5",
  title: "system calls that fail, on the real gateway",
  figures: { small: 0, ci: 36, nightly: 360 },
  missing: async () => (process.getuid?.() === 0 ? straceMissing() : "not root"),
  run: (figure, note) =>
    inWorkFolder(async (folder) => {
      const refusals = Array.from({ length: figure }, (_, at) => refusalAt(at));
      const outcome = await refuse(join(folder, "refused"), refusals, note);
      note("control: a gateway that acknowledges before the disk has it");
      const killed = {
        calls: "pwrite64,pwritev",
        code: "EIO",
        when: "3+",
        ending: "killed",
      } as const;
      const control = await refuse(join(folder, "control"), [killed], note, "ack-early");
      const { met, restarts, verdict } = outcome;
      return {
        runs: met,
        ...sumCounts([verdict]),
        control: controlOf(control.verdict.lost),
        ok: verdict.ok && met * 4 >= figure * 3,
        notes: [
          ...verdict.examples,
          `${met} of ${figure} refusals were met; the gateway ended by itself ${restarts} times and was started again`,
          `acknowledging early lost ${control.verdict.lost} of ${control.verdict.acked}`,
        ],
      };
    }),
};

/** Every call with every code; once and for good, healed and killed, at later and later calls. */
function refusalAt(at: number): Refusal {
  const round = Math.floor(at / (calls.length * codes.length));
  const n = 1 + 2 * round;
  return {
    calls: calls[at % calls.length] ?? "openat",
    code: codes[Math.floor(at / calls.length) % codes.length] ?? "EIO",
    when: (at + Math.floor(at / calls.length)) % 2 === 0 ? `${n}` : `${n}+`,
    ending: at % 5 === 0 ? "killed" : "heals",
  };
}

interface Outcome {
  readonly verdict: LedgerVerdict;
  /** Refusals that a call ran into. */
  readonly met: number;
  /** Ends of the gateway that nobody asked for. */
  readonly restarts: number;
}

function refuse(
  folder: string,
  refusals: readonly Refusal[],
  note: (text: string) => void,
  fault?: Fault,
): Promise<Outcome> {
  const options = {
    folder,
    configuration,
    boot: `calls-${Date.now()}`,
    // With one thread for files the n-th call is the n-th of the process.
    wrap: ["env", "UV_THREADPOOL_SIZE=1"],
    fault,
  };
  return inTrial(options, async (trial) => {
    const { drain, gateway, judge, load, startBackbone } = trial;
    await startBackbone();
    await gateway.start();
    const devices = load({ ratePerSecond: 1_000 });
    let met = 0;
    let restarts = 0;
    for (const [at, refusal] of refusals.entries()) {
      const traced = await refuseOnce(trial, refusal, join(folder, `${at}.trace`));
      if (traced > 0) met += 1;
      const ended = !gateway.alive;
      if (ended && refusal.ending !== "killed") restarts += 1;
      const { calls, code, ending, when } = refusal;
      note(`${calls} ${code} ${when}, ${ending}: ${traced} refused${ended ? ", ended" : ""}`);
      if (ended) await gateway.start();
      const before = devices.report().acked;
      await waitWhileMoving(
        () => devices.report().acked > before + 100,
        async () => (await gateway.status()).buffer.lastSeq,
        "devices are heard again",
      );
    }
    await devices.stop(60_000);
    return { verdict: judge(await drain()), met, restarts };
  });
}

/** Gives how many calls were refused. */
async function refuseOnce(
  { gateway }: Trial,
  { calls, code, ending, when }: Refusal,
  trace: string,
): Promise<number> {
  const inject = `inject=${calls}:error=${code}:when=${when}`;
  const attached = await attachStrace(gateway.pid, calls, trace, "-e", inject);
  const refused = (): number =>
    readSystemCalls(trace).filter(({ result }) => result.includes("(INJECTED)")).length;
  try {
    await waitUntil(
      () => refused() > 0 || !gateway.alive,
      "a call is refused",
      reachedWithinMs,
    ).catch(() => undefined);
    await sleep(systemClock, refusedMs);
    if (ending === "killed") await gateway.kill();
  } finally {
    await attached.detach();
  }
  return refused();
}
