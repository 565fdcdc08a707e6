/** Simulated Modbus devices, asked by the real source over real sockets and read by their profiles. */
import { describe, expect, it, onTestFinished } from "vitest";
import { systemClock } from "../../../src/app/system-clock.ts";
import { toDeviceId } from "../../../src/core/ids.ts";
import type { PollPlan } from "../../../src/core/poll-plan.ts";
import { freePort } from "../../../src/demo/free-port.ts";
import { createNormalizer } from "../../../src/normalize/normalizer.ts";
import type { LineFamily } from "../../../src/simulate/lines/line-family.ts";
import { startLineSimulator } from "../../../src/simulate/lines/line-simulator.ts";
import type { Misbehavior } from "../../../src/simulate/lines/misbehavior.ts";
import { listenInPlaceOfPort } from "../../../src/simulate/lines/tcp-port.ts";
import { modbusDevices } from "../../../src/simulate/modbus/devices.ts";
import { createSeededRandom } from "../../../src/simulate/seeded-random.ts";
import { loadProfile } from "../../devices/load-profile.ts";
import { givenCatalog, givenDevice, givenMessage } from "../../normalize/given.ts";
import { openBus } from "../../sources/modbus/open-bus.ts";
import { waitUntil } from "../../support/wait-until.ts";

const never = 3_600_000;

/** A device behind a socket, asked every 50 ms for all that its profile names. */
async function poll(
  family: LineFamily,
  how: { form: "tcp" | "modbus-tcp"; everyMs?: number; misbehavior?: Partial<Misbehavior> },
) {
  const { told } = family;
  if (told === undefined) throw new Error(`${family.name} does not say what it says`);
  const profile = loadProfile(`${told.profile}.yaml`);
  const plan = profile.codec.poll;
  if (plan === undefined) throw new Error(`${told.profile} polls nothing`);
  const port = await freePort();
  const open = how.form === "tcp" ? family.open : (family.openAtTcp ?? family.open);
  const simulator = await startLineSimulator({
    family: { ...family, open },
    openPort: listenInPlaceOfPort("127.0.0.1", port),
    clock: systemClock,
    random: createSeededRandom("modbus"),
    everyMs: how.everyMs ?? never,
    ...(how.misbehavior && { misbehavior: how.misbehavior }),
  });
  onTestFinished(() => simulator.stop());
  const unit = family.name === "senseair-s8" ? 254 : 1;
  const quick: PollPlan = {
    ...plan,
    groups: plan.groups.map((group) => ({ ...group, everyMs: 50 })),
  };
  const path = `${how.form}://127.0.0.1:${port}`;
  const bus = await openBus({ path }, [unit], quick, how.misbehavior ? { timeout: "300ms" } : {});
  const device = `m${unit}`;
  const normalize = createNormalizer({
    catalog: givenCatalog({
      profiles: [profile],
      devices: [givenDevice({ id: device, profile: told.profile })],
    }),
    maxSkewMs: 300_000,
    maxAgeMs: 30 * 86_400_000,
    maxRejectedBytes: 4_096,
  });
  /** What became of each poll: its values by their names, those that are bad left out. */
  const stored = (): Record<string, unknown>[] =>
    bus.polled(device).flatMap((payload) => {
      const message = givenMessage("modbus/line/d", Object(payload), {
        device: toDeviceId(device),
      });
      const normalized = normalize(message, true);
      if (normalized.passedOver !== undefined) return [];
      const { event } = normalized;
      if (event.kind !== "measurement") return [];
      const good = event.data.filter(({ quality }) => quality !== "bad");
      return [Object.fromEntries(good.map(({ name, value }) => [name, value]))];
    });
  return { bus, simulator, stored, told };
}

/** Real ones have a network port, too. */
const atNetworks = ["umg96", "sunspec", "plc"];

describe.each(modbusDevices.map((family) => [family.name, family] as const))(
  "%s",
  (name, family) => {
    const forms = atNetworks.includes(name) ? (["tcp", "modbus-tcp"] as const) : (["tcp"] as const);
    it.each(forms)("is stored as it is, behind %s", async (form) => {
      const { stored, told } = await poll(family, { form });
      const wanted = Object.entries(told.values(1));
      const all = (): Record<string, unknown> => Object.assign({}, ...stored());
      await waitUntil(() => wanted.every(([name]) => name in all()), "each group was asked for");
      expect(all()).toMatchObject(told.values(1));
    });
  },
);

it("a meter that is damaged, cut, silent, refuses and is restarted is never stored as it is not", async () => {
  const family = modbusDevices.find(({ name }) => name === "sdm630");
  if (family === undefined) throw new Error("there is no meter");
  const misbehavior = { damage: 0.002, cut: 0.1, silence: 0.1, wrongChecksum: 0.1, exception: 0.1 };
  const { bus, simulator, stored, told } = await poll(family, {
    form: "tcp",
    everyMs: 20,
    misbehavior,
  });
  const { metric, numberOf } = told.counter;
  const readings = () => stored().filter((one) => one[metric] !== undefined);
  await waitUntil(() => readings().length >= 5, "some polls went well");
  simulator.restart();
  const before = readings().length;
  await waitUntil(() => readings().length >= before + 3, "it is asked again behind the restart");
  for (const reading of readings())
    expect(told.values(numberOf(Number(reading[metric])))).toMatchObject(reading);
  const { exceptions, frames } = simulator.counts();
  expect(exceptions + frames.cut + frames.silent + frames["wrong-checksum"]).toBeGreaterThan(0);
  expect(bus.sink.messages.length).toBeGreaterThan(readings().length);
});
