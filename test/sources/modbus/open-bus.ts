import { onTestFinished } from "vitest";
import type { Source } from "../../../src/core/message.ts";
import type { PollPlan } from "../../../src/core/poll-plan.ts";
import { registersOptions } from "../../../src/normalize/codecs/modbus.ts";
import { openModbus } from "../../../src/sources/modbus/modbus-source.ts";
import { modbusOptions } from "../../../src/sources/modbus/options.ts";
import type { SourceSurroundings } from "../../../src/sources/source-kind.ts";
import { RecordingSink } from "../../support/mqtt-broker.ts";
import { sourceSurroundings } from "../../support/source-surroundings.ts";
import type { PlayedRtuBus, PlayedTcpBus } from "./played-bus.ts";

/** The plan of a register map: `values` are holding registers unless they say otherwise. */
export function planOf(
  values: readonly object[],
  differs: object = {},
  options: object = {},
): PollPlan {
  const { poll } = registersOptions.parse({
    ...options,
    groups: [{ every: "50ms", values, ...differs }],
  });
  if (poll === undefined) throw new Error("there is no plan");
  return poll;
}

type Open = NonNullable<Parameters<typeof openModbus>[2]>;

export interface OpenedBus {
  readonly source: Source;
  readonly sink: RecordingSink;
  /** What the polls of a device brought, in their order. */
  readonly polled: (device: string) => unknown[];
  /** Sentences in the journal. */
  readonly said: string[];
  /** Counters by `name result|outcome`. */
  readonly counted: Map<string, number>;
}

/** A source whose members are `m<unit>`, asked by one plan each. */
export async function openBus(
  line: Pick<PlayedRtuBus | PlayedTcpBus, "path">,
  units: readonly number[],
  plan: PollPlan | ((device: string) => PollPlan | undefined),
  options: object = {},
  differs: Partial<Omit<SourceSurroundings, "sink">> = {},
  open?: Open,
): Promise<OpenedBus> {
  const sink = new RecordingSink();
  const said: string[] = [];
  const counted = new Map<string, number>();
  const say = (message: string): number => said.push(message);
  const entry = modbusOptions.parse({
    kind: "modbus",
    name: "line",
    path: line.path,
    timeout: "5s",
    members: units.map((address) => ({ device: `m${address}`, address })),
    ...options,
  });
  const source = await openModbus(
    entry,
    sourceSurroundings({
      sink,
      pollPlan: (device) => (typeof plan === "function" ? plan(device) : plan),
      logger: { debug: say, info: say, warn: say, error: say },
      metrics: {
        counter: (name) => ({
          add: (amount = 1, labels = {}) => {
            const key = `${name} ${labels.result ?? labels.outcome ?? ""}`.trim();
            counted.set(key, (counted.get(key) ?? 0) + amount);
          },
        }),
        gauge: () => ({ set() {} }),
      },
      ...differs,
    }),
    open,
  );
  onTestFinished(() => source.stop());
  return {
    source,
    sink,
    polled: (device) =>
      sink.messages
        .filter((message) => message.device === device)
        .map(({ payload }) => JSON.parse(Buffer.from(payload).toString())),
    said,
    counted,
  };
}
