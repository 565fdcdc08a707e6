/**
 * Devices of ten families behind a broker of their own, with kept states, renames and noise, while each
 * part is stopped and started in turn and the session at the broker is lost: every reading is stored
 * once, in order, under its device, and nothing that was kept is taken for news.
 */
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import mqtt, { type MqttClient } from "mqtt";
import { systemClock } from "../../src/app/system-clock.ts";
import { sleep } from "../../src/core/clock.ts";
import { decodeEvent, isMalformed } from "../../src/core/event-codec.ts";
import { type MosquittoProgram, startMosquitto } from "../support/mosquitto-program.ts";
import { waitUntil, waitWhileMoving } from "../support/wait-until.ts";
import type { Arm } from "./arm.ts";
import { type Counts, controlOf } from "./counts.ts";
import { descriptionOf, type Family, type FamilyMessage, families, noise } from "./families.ts";
import { inTrial, type Trial } from "./trial.ts";
import { inWorkFolder } from "./uml/work-folder.ts";

/** Rounds between two restarts; each device speaks once in a round. */
const rounds = 4;
const client = "sluicegate-plant-a-gw1";

export const deviceFamilies: Arm = {
  goal: "R26",
  title: "ten families of devices behind a broker, each part restarted",
  figures: { small: 2, ci: 20, nightly: 40 },
  missing: async () => undefined,
  run: (figure, note) =>
    inWorkFolder(async (folder) => {
      const { counts, strange } = await play(join(folder, "families"), figure, true);
      note("control: a gateway that does not remember what it has stored of each topic");
      const forgetful = await play(join(folder, "forgetful"), 1, false);
      return {
        runs: 5,
        ...counts,
        declaredLost: 0,
        control: controlOf(forgetful.counts.duplicated),
        ok:
          counts.lost + counts.duplicated + counts.reordered + strange.length === 0 &&
          counts.acked > figure * families.length * rounds,
        notes: strange.slice(0, 5),
      };
    }),
};

/** Device ids to the numbers that they said, or that are stored, in order. */
type Numbers = ReadonlyMap<string, readonly number[]>;

async function play(folder: string, perFamily: number, remembers: boolean) {
  const kept = ["persistence true", `persistence_location ${folder}/`, "max_queued_messages 0"];
  await mkdir(folder, { recursive: true });
  const broker = await startMosquitto(folder, kept);
  const sources = [{ kind: "mqtt-client", url: broker.url, topics: ["#"] }];
  const options = { folder, boot: "families", sources };
  try {
    return await inTrial(options, async (trial) => {
      const plant = new Plant(broker, perFamily);
      const server = await trial.startBackbone();
      await startGateway(trial);
      await plant.connect();
      await plant.introduce();
      await plant.speak(rounds);

      await trial.gateway.stop();
      await plant.speak(rounds);
      await startGateway(trial);

      plant.rename();
      await plant.speak(rounds);

      await broker.stop();
      await broker.start();
      await plant.connect();
      await plant.speak(rounds);

      await server.stop();
      await plant.speak(rounds);
      await trial.startBackbone();

      // The session is lost: the broker sends all that it has kept, as at a first connection.
      await settled(trial);
      await trial.gateway.stop();
      await forgetSession(broker);
      if (!remembers) await rm(join(folder, "data/last-messages"));
      await startGateway(trial);
      await settled(trial);
      await plant.speak(rounds);

      await settled(trial);
      await plant.leave();
      const { numbers, strange } = read(await trial.drain(), plant.ids());
      return { counts: { acked: plant.acked, ...judge(numbers, plant.said) }, strange };
    });
  } finally {
    await broker.stop("SIGKILL");
  }
}

async function startGateway({ gateway }: Trial): Promise<void> {
  await gateway.start();
  await waitUntil(
    async () => (await gateway.status()).sources.some(({ link }) => link?.isConnected),
    "the gateway fetches from the broker",
  );
}

/** Everything that the broker had for the gateway has come. */
async function settled({ gateway }: Trial): Promise<void> {
  let received = -1;
  await waitWhileMoving(
    async () => {
      const before = received;
      received = (await gateway.status()).flow.received;
      await sleep(systemClock, 500);
      return before === received;
    },
    () => received,
    "the broker has nothing more",
  );
}

/** Somebody else takes the name of the gateway for a moment, without a session. */
async function forgetSession({ url }: MosquittoProgram): Promise<void> {
  const taken = await mqtt.connectAsync(url, { clientId: client, protocolVersion: 5, clean: true });
  await taken.endAsync();
}

/** All devices, and what they said. */
class Plant {
  readonly said = new Map<string, number[]>();
  readonly #broker: MosquittoProgram;
  readonly #devices: { readonly family: Family; name: string }[];
  #client: MqttClient | undefined;
  #n = 0;

  constructor(broker: MosquittoProgram, perFamily: number) {
    this.#broker = broker;
    this.#devices = families.flatMap((family, at) =>
      Array.from({ length: perFamily }, (_, index) => ({
        family,
        name: `probe-${at * 1_000 + index + 1}`,
      })),
    );
  }

  get acked(): number {
    return [...this.said.values()].reduce((sum, { length }) => sum + length, 0);
  }

  ids(): ReadonlySet<string> {
    return new Set(this.said.keys());
  }

  async connect(): Promise<void> {
    await this.#client?.endAsync(true);
    const { url } = this.#broker;
    this.#client = await mqtt.connectAsync(url, { protocolVersion: 5, clientId: "devices" });
  }

  async introduce(): Promise<void> {
    for (const { family, name } of this.#devices)
      if (family.idOf("x-1") === "ha-x-1") await this.#publish(descriptionOf(name));
  }

  /** Each device says its next number, so many times; all are with the broker when it resolves. */
  async speak(times: number): Promise<void> {
    for (let round = 0; round < times; round += 1) {
      this.#n += 1;
      const n = this.#n;
      const atMs = systemClock.wallMs();
      await Promise.all([
        ...this.#devices.map(async ({ family, name }) => {
          for (const message of family.say(name, n, atMs)) await this.#publish(message);
          const id = family.idOf(name);
          this.said.set(id, [...(this.said.get(id) ?? []), n]);
        }),
        ...noise(n).map((message) => this.#publish(message)),
      ]);
      await sleep(systemClock, 100);
    }
  }

  /** Zigbee devices get other names; what was kept under the former ones is taken back. */
  rename(): void {
    for (const device of this.#devices) {
      if (device.family.name !== "zigbee2mqtt") continue;
      const former = device.family.say(device.name, 0, 0)[0]?.topic ?? "";
      void this.#publish({ topic: former, payload: "", retain: true });
      device.name = `new-${device.name}`;
    }
  }

  async leave(): Promise<void> {
    await this.#client?.endAsync();
  }

  async #publish({ payload, retain, topic }: FamilyMessage): Promise<void> {
    await this.#client?.publishAsync(topic, payload, { qos: 1, retain });
  }
}

/** What the stream holds of the devices; `strange` is what else claims to be a measurement. */
function read(bodies: readonly Uint8Array[], ids: ReadonlySet<string>) {
  const numbers = new Map<string, number[]>();
  const strange: string[] = [];
  const metricOf = new Map(families.map((family) => [family.idOf("probe-1"), family.metric]));
  for (const body of bodies) {
    const event = decodeEvent(Buffer.from(body).toString());
    if (isMalformed(event) || event.kind !== "measurement" || event.device === null) continue;
    const family = families.find((one) => one.idOf("probe-1")[0] === event.device?.[0]);
    const metrics = new Set([...metricOf.values(), family?.metric]);
    const found = event.data.find(({ name }) => metrics.has(name));
    if (!ids.has(event.device) || typeof found?.value !== "number")
      strange.push(`${event.device} ${JSON.stringify(event.data)}`);
    else numbers.set(event.device, [...(numbers.get(event.device) ?? []), found.value]);
  }
  return { numbers, strange };
}

function judge(stored: Numbers, said: Numbers): Omit<Required<Counts>, "acked" | "declaredLost"> {
  let lost = 0;
  let duplicated = 0;
  let reordered = 0;
  for (const [device, numbers] of said) {
    const found = stored.get(device) ?? [];
    const once = new Set(found);
    lost += numbers.filter((n) => !once.has(n)).length;
    duplicated += found.length - once.size;
    reordered += found.filter((n, at) => at > 0 && n < (found[at - 1] ?? n)).length;
  }
  return { lost, duplicated, reordered };
}
