import { jetstream, jetstreamManager } from "@nats-io/jetstream";
import { describe, expect, test } from "vitest";
import type { AlertTransition } from "../../src/core/alert.ts";
import { toSiteId } from "../../src/core/ids.ts";
import {
  alertSubject,
  alertsStream,
  allAlerts,
  partitionAlerts,
  partitionOf,
  siteAlerts,
} from "../../src/core/subject.ts";
import { readAlertHeads } from "../../src/stream/alert-heads.ts";
import { type AlertHead, appendTransition } from "../../src/stream/alert-log.ts";
import { ensureStream } from "../../src/stream/ensure-stream.ts";
import { alertsStreamContract } from "../../src/stream/stream-contract.ts";
import { backboneOptionsFor, connectionOf, testBackbone } from "../support/backbone.ts";
import { createCountingEngine } from "../support/counting-engine.ts";
import { origin, reading, storedEvent } from "../support/gateway-stream.ts";
import { natsServer } from "../support/nats-server.ts";

async function setUp() {
  const { url } = await natsServer();
  const connection = await connectionOf(testBackbone(url));
  await ensureStream(connection, alertsStreamContract(backboneOptionsFor(url)));
  return connection;
}

describe("alert heads", () => {
  test("are none in an empty stream", async () => {
    const heads: AlertTransition[] = [];
    await readAlertHeads(await setUp(), allAlerts, (head) => heads.push(head));
    expect(heads).toEqual([]);
  });

  test("are the last transitions of all instances, and nothing else", async () => {
    const connection = await setUp();
    const engine = createCountingEngine();
    const last = new Map<string, AlertTransition>();
    const stored = new Map<string, AlertHead>();
    const devices = 600;
    for (let step = 0; step < 2 * devices + 100; step += 1) {
      const value = Math.floor(step / devices) % 2 === 0 ? 1 : 0;
      const event = storedEvent(reading(`f${step % devices}`, value, step), "aaaaaaaa", step + 1);
      for (const draft of engine.feed(event)) {
        const transition = { ...draft, late: false, observed_at: draft.at };
        last.set(draft.instance, transition);
        const known = stored.get(draft.instance);
        const { head } = await appendTransition(connection, transition, known);
        stored.set(draft.instance, head);
      }
    }
    await jetstream(connection).publish(alertSubject(origin.site, "0123"), "by hand");
    await jetstream(connection).publish(
      "alert.o.1.plant-a.0123",
      JSON.stringify([...last.values()][0]),
    );

    const heads: AlertTransition[] = [];
    await readAlertHeads(connection, allAlerts, (head) => heads.push(head));

    expect(new Map(heads.map((head) => [head.instance, head]))).toEqual(last);
    expect(heads).toHaveLength(devices);
  });

  test("are read by partition, and by site", async () => {
    const connection = await setUp();
    const [fired] = createCountingEngine().feed(storedEvent(reading("f1", 1, 1), "aaaaaaaa", 1));
    if (!fired) throw new Error("nothing fires");
    const sites = ["plant-a", "plant-b", "plant-c"].map(toSiteId);
    for (const site of sites) {
      const labels = { ...fired.labels, site };
      const transition = { ...fired, labels, late: false, observed_at: fired.at };
      await appendTransition(connection, transition, undefined);
    }
    const sitesIn = async (filter: string): Promise<string[]> => {
      const found: string[] = [];
      await readAlertHeads(connection, filter, ({ labels }) => found.push(labels["site"] ?? ""));
      return found;
    };

    for (const site of sites) {
      expect(await sitesIn(siteAlerts(site))).toEqual([site]);
      const sharing = sites.filter((other) => partitionOf(other) === partitionOf(site));
      expect(await sitesIn(partitionAlerts(partitionOf(site)))).toEqual(sharing);
    }
  });

  test("reject where the stream is removed while they are read", async () => {
    const connection = await setUp();
    const [fired] = createCountingEngine().feed(storedEvent(reading("f1", 1, 1), "aaaaaaaa", 1));
    if (!fired) throw new Error("nothing fires");
    const publish = (n: number) => {
      const one = { ...fired, instance: `i${n}`, late: false, observed_at: fired.at };
      return jetstream(connection).publish(
        alertSubject(origin.site, one.instance),
        JSON.stringify(one),
      );
    };
    for (let n = 0; n < 3_000; n += 500)
      await Promise.all(Array.from({ length: 500 }, (_, more) => publish(n + more)));
    let removing: Promise<unknown> | undefined;
    const heads = readAlertHeads(connection, allAlerts, () => {
      removing ??= jetstreamManager(connection).then(({ streams }) => streams.delete(alertsStream));
    });

    await expect(heads).rejects.toMatchObject({ code: expect.stringMatching(/^stream\./) });
    await removing;
  });
});
