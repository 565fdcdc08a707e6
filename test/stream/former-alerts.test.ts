import { jetstream } from "@nats-io/jetstream";
import type { NatsConnection } from "@nats-io/transport-node";
import { describe, expect, test } from "vitest";
import type { AlertTransition } from "../../src/core/alert.ts";
import { toStreamSeq } from "../../src/core/ids.ts";
import { alertSubject, alertsStream, partitionOf } from "../../src/core/subject.ts";
import { type AlertHead, appendTransition, readHead } from "../../src/stream/alert-log.ts";
import { ensureStream } from "../../src/stream/ensure-stream.ts";
import { formerAlertSubject } from "../../src/stream/former-alert-subject.ts";
import { readPartitionHeads } from "../../src/stream/former-alerts.ts";
import { readNextTransition } from "../../src/stream/read-alerts.ts";
import { readWholeStream } from "../../src/stream/read-whole-stream.ts";
import { alertsStreamContract } from "../../src/stream/stream-contract.ts";
import { backboneOptionsFor, connectionOf, testBackbone } from "../support/backbone.ts";
import { createCountingEngine } from "../support/counting-engine.ts";
import { origin, reading, storedEvent } from "../support/gateway-stream.ts";
import { natsServer } from "../support/nats-server.ts";

/** Fires, ends, fires, ends. */
function transitions(): readonly [
  AlertTransition,
  AlertTransition,
  AlertTransition,
  AlertTransition,
] {
  const engine = createCountingEngine();
  const [first, second, third, fourth] = [1, 2, 3, 4].flatMap((step) =>
    engine
      .feed(storedEvent(reading("f1", step % 2, step), "aaaaaaaa", step))
      .map((draft) => ({ ...draft, late: false, observed_at: draft.at })),
  );
  if (!first || !second || !third || !fourth) throw new Error("four changes are no transitions");
  return [first, second, third, fourth];
}

/** A stream in which the given transitions stand as the first version appended them. */
async function setUp(...former: readonly AlertTransition[]): Promise<NatsConnection> {
  const { url } = await natsServer();
  const connection = await connectionOf(testBackbone(url));
  await ensureStream(connection, alertsStreamContract(backboneOptionsFor(url)));
  for (const one of former)
    await jetstream(connection).publish(formerAlertSubject(one.instance), JSON.stringify(one));
  return connection;
}

/** `<subject> <id>` of each message. */
async function stored(connection: NatsConnection): Promise<string[]> {
  const lines: string[] = [];
  await readWholeStream(connection, alertsStream, ({ body, natsSubject }) => {
    lines.push(`${natsSubject} ${JSON.parse(Buffer.from(body).toString()).id}`);
  });
  return lines;
}

describe("alerts that stand under the subject of the first version", () => {
  test("go on under today's subject, each transition stored once", async () => {
    const [fired, ended, again] = transitions();
    const connection = await setUp(fired);
    const { instance } = fired;

    expect(await appendTransition(connection, fired, undefined)).toMatchObject({ stored: false });
    let known: AlertHead | undefined;
    for (const one of [ended, again]) known = (await appendTransition(connection, one, known)).head;

    const own = alertSubject(origin.site, instance);
    expect(await stored(connection)).toEqual([
      `${formerAlertSubject(instance)} ${fired.id}`,
      `${own} ${ended.id}`,
      `${own} ${again.id}`,
    ]);
  });

  test("are appended to by one of two that try at once", async () => {
    const [fired, ...rest] = transitions();
    const connection = await setUp(fired);
    const writer = async (): Promise<void> => {
      for (const one of [fired, ...rest]) await appendTransition(connection, one, undefined);
    };
    await Promise.all([writer(), writer(), writer()]);

    expect((await stored(connection)).map((line) => line.split(" ")[1])).toEqual(
      [fired, ...rest].map(({ id }) => id),
    );
  });

  test("count where they are later than what stands under today's", async () => {
    const [fired, ended, again, over] = transitions();
    const connection = await setUp(fired);
    await appendTransition(connection, ended, undefined);
    // A program of that version is still at work.
    await jetstream(connection).publish(formerAlertSubject(fired.instance), JSON.stringify(again));

    expect(await readHead(connection, fired)).toMatchObject({ n: again.n });
    expect(await appendTransition(connection, again, undefined)).toMatchObject({ stored: false });
    expect(await appendTransition(connection, over, undefined)).toMatchObject({ stored: true });
  });

  test("are heads of their partition until a later one stands under today's", async () => {
    const [fired, ended] = transitions();
    const elsewhere = { ...fired, instance: "0123", labels: { ...fired.labels, site: "plant-b" } };
    const connection = await setUp(fired, elsewhere);
    const heads = async (): Promise<string[]> => {
      const found: string[] = [];
      const partition = partitionOf(origin.site);
      await readPartitionHeads(connection, partition, ({ id }) => found.push(id));
      return found;
    };

    expect(await heads()).toEqual([fired.id]);
    await appendTransition(connection, ended, undefined);
    expect(await heads()).toEqual([ended.id]);
  });

  test("are heads though strangers write whatever they like beside them", async () => {
    const [fired] = transitions();
    const connection = await setUp(fired);
    const partition = partitionOf(origin.site);
    const { labels: _, ...unlabeled } = fired;
    const other = { ...fired, labels: { ...fired.labels, site: "plant-b" } };
    for (const [subject, body] of [
      ["alert.c.0123", unlabeled],
      ["alert.c.0124", { ...fired, instance: "0124", labels: null }],
      ["alert.c.0125", { ...fired, instance: "0125", read_up_to: 5 }],
      ["alert.c.0126", fired],
      [`alert.c.${partition}.0127`, { ...fired, instance: "0127" }],
      [`alert.c.${partition}.plant-b.0128`, { ...other, instance: "0128" }],
      [`alert.c.${partition}.plant-a.0129`, fired],
      [`alert.c.${partition}.plant-a.0130.x.y`, { ...fired, instance: "0130.x.y" }],
      [`alert.c.${partition}.plant-a.0131`, "junk"],
    ] as const)
      await jetstream(connection).publish(subject, JSON.stringify(body));

    const found: string[] = [];
    await readPartitionHeads(connection, partition, ({ id, instance }) =>
      found.push(`${instance} ${id}`),
    );
    expect(found).toEqual([`${fired.instance} ${fired.id}`]);
  });

  test("are found again by their places, whoever knows the site", async () => {
    const [fired, ended, again] = transitions();
    const connection = await setUp(fired, ended);
    await appendTransition(connection, again, undefined);
    for (const site of [origin.site, undefined]) {
      const idFrom = async (from: number): Promise<string | undefined> =>
        (await readNextTransition(connection, fired.instance, site, toStreamSeq(from)))?.transition
          .id;
      expect([await idFrom(1), await idFrom(2), await idFrom(3), await idFrom(4)]).toEqual([
        fired.id,
        ended.id,
        again.id,
        undefined,
      ]);
    }
  });
});
