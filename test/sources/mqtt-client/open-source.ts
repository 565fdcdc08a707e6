import { readFile } from "node:fs/promises";
import { onTestFinished } from "vitest";
import type { Source } from "../../../src/core/message.ts";
import { sourceKinds } from "../../../src/sources/kinds.ts";
import type { SourceSurroundings } from "../../../src/sources/source-kind.ts";
import { RecordingSink } from "../../support/mqtt-broker.ts";
import { noAgain } from "../../support/no-again.ts";
import { sourceSurroundings } from "../../support/source-surroundings.ts";
import { PlayedBroker } from "./played-broker.ts";

export interface OpenedSource {
  readonly source: Source;
  readonly sink: RecordingSink;
}

/** A source of the kind that the test ends; it tries again at once. */
export async function openSource(
  entry: object,
  parts: Partial<Omit<SourceSurroundings, "sink">> = {},
): Promise<OpenedSource> {
  const kind = sourceKinds.find(({ name }) => name === "mqtt-client");
  const open = await kind?.load(
    { kind: "mqtt-client", topics: ["t/#"], ...entry },
    {
      report: (fault) => {
        throw new Error(fault.message);
      },
      read: async () => undefined,
      again: noAgain,
      bytes: async (_, path) => ({ path, bytes: await readFile(path) }),
    },
  );
  if (!open) throw new Error("there is nothing to open");
  const sink = new RecordingSink();
  const source = await open(sourceSurroundings({ sink, random: () => 0, ...parts }));
  onTestFinished(() => source.stop());
  return { source, sink };
}

/** A broker that the test plays, closed when it ends. */
export async function playedBroker(): Promise<PlayedBroker> {
  const broker = await new PlayedBroker().open();
  onTestFinished(() => broker.close());
  return broker;
}
