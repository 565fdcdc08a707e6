import { describe, expect, onTestFinished, test } from "vitest";
import { systemClock } from "../../src/app/system-clock.ts";
import { leasesBucket } from "../../src/core/subject.ts";
import { cacheBucket } from "../../src/stream/kv.ts";
import { type Lease, type LeaseDependencies, takeLease } from "../../src/stream/lease.ts";
import { backboneOptionsFor, connectionOf, testBackbone } from "../support/backbone.ts";
import { fastClock } from "../support/fast-clock.ts";
import { natsServer } from "../support/nats-server.ts";
import { silentLogger } from "../support/silence.ts";

const patient = { timeout: 20_000 };

async function setUp() {
  const { url } = await natsServer();
  const stop = new AbortController();
  onTestFinished(() => stop.abort());
  const dependencies = (times = 1): LeaseDependencies & { cut: () => Promise<void> } => {
    const backbone = testBackbone(url);
    const bucket = cacheBucket(backbone, leasesBucket, backboneOptionsFor(url));
    const cut = (): Promise<void> => backbone.close();
    return { bucket, clock: fastClock(times), logger: silentLogger, cut };
  };
  const take = async (deps = dependencies()): Promise<Lease> => {
    const lease = await takeLease("k", stop.signal, deps);
    if (!lease) throw new Error("no lease");
    onTestFinished(() => lease.release());
    return lease;
  };
  return { url, dependencies, take, signal: stop.signal };
}

describe("a lease", () => {
  test("is held by one of many that want it at the same moment", async () => {
    const { dependencies, take } = await setUp();
    const leases: Lease[] = [];
    const stop = new AbortController();
    const wanted = Array.from({ length: 5 }, async () => {
      const lease = await takeLease("k", stop.signal, dependencies());
      if (lease) leases.push(lease);
    });
    await expect.poll(() => leases.length, patient).toBe(1);
    stop.abort();
    await Promise.all(wanted);
    expect(leases.map(({ held }) => held)).toEqual([true]);

    await leases[0]?.release();

    expect((await take()).held).toBe(true);
  });

  test("stays with who renews it", async () => {
    const { dependencies, take } = await setUp();
    const held = await take(dependencies(10));
    const stop = new AbortController();
    let waits = 0;
    const wanted = takeLease("k", stop.signal, dependencies(10), () => {
      waits += 1;
    });

    await expect.poll(() => waits, patient).toBeGreaterThan(25);

    expect(held.held).toBe(true);
    stop.abort();
    expect(await wanted).toBeUndefined();
  });

  test("goes to the next once its holder is silent, who does not count on it any more", async () => {
    const { dependencies, take } = await setUp();
    const deps = dependencies(10);
    const silent = await take(deps);
    await deps.cut();

    const next = await take(dependencies(10));

    expect(next.held).toBe(true);
    expect(silent.held).toBe(false);
  });

  test("goes at once to the next where its holder was a process of this machine that is no more", async () => {
    const { dependencies, take } = await setUp();
    const ended = new Set<string>();
    const markedBy = (own: string) => ({ own, isGone: async (mark: string) => ended.has(mark) });
    // No clock goes on, so nothing expires.
    const marked = (own: string) => ({
      ...dependencies(),
      clock: { ...systemClock, monotonicMs: () => 0 },
      mark: markedBy(own),
    });
    await take(marked("one"));
    let waits = 0;
    const stop = new AbortController();
    onTestFinished(() => stop.abort());
    const next = takeLease("k", stop.signal, marked("other"), () => {
      waits += 1;
    });
    await expect.poll(() => waits, patient).toBeGreaterThan(0);

    ended.add("one");

    expect((await next)?.held).toBe(true);
    await (await next)?.release();
  });

  test("is lost, and known to be, when another took it", async () => {
    const { dependencies, take, url } = await setUp();
    const lease = await take(dependencies(10));
    const connection = await connectionOf(testBackbone(url));
    connection.publish(`$KV.${leasesBucket}.k`, JSON.stringify({ holder: "somebody" }));

    await expect.poll(() => lease.lost.aborted, patient).toBe(true);

    expect(lease.held).toBe(false);
  });

  test("is taken from a value that says nothing", async () => {
    const { take, url } = await setUp();
    await (await take()).release();
    const connection = await connectionOf(testBackbone(url));
    connection.publish(`$KV.${leasesBucket}.k`, "\u001f broken");
    await connection.flush();

    expect((await take()).held).toBe(true);
  });
});
