import { GatewayError } from "../../../core/errors.ts";
import { readStreamInfo } from "../../../stream/message-get.ts";
import type { Check, DoctorSurroundings } from "../check.ts";
import { error, ok, skipped, warning } from "../finding.ts";
import { rolesOf } from "../roles-of.ts";
import { contractsOf } from "./contracts-of.ts";

const farMs = 2_000;
const tooFarMs = 60_000;

export const natsClock: Check = {
  id: "nats.clock",
  group: "backbone",
  asks: "whether the clocks of this machine and of the backbone agree",
  explanation:
    "Streams keep events by the clock of the server, and hubs compare gateways by their own: where the clocks differ, events look late or age too early, and tokens and certificates are refused. Whichever is wrong is told by its own time service; clock.offset says how it is here. Servers before 2.10 do not tell their time.",
  async run(around) {
    const read = await readServerTime(around);
    if (read === undefined) return [skipped("the server does not tell its time")];
    const { farthestMs, nearestMs } = read;
    const apart = Math.max(nearestMs, -farthestMs, 0);
    const what = `${Math.round(apart)} ms apart, as far as one question tells`;
    if (apart < farMs) return [ok(what)];
    const ahead = nearestMs > 0 ? "behind" : "ahead of";
    const bad = {
      what: `this machine is ${Math.round(apart)} ms ${ahead} the backbone`,
      why: "events look late or come from the future, and rules fire at other moments",
      next: "sluicegate doctor --only clock.offset here, and look at the time service of the server",
    };
    return [apart < tooFarMs ? warning(bad) : error(bad)];
  },
};

/** How far the server is ahead of us: between the two, by the time the question took. */
async function readServerTime({ backbone, clock, place, roles }: DoctorSurroundings) {
  const { connection, options } = await backbone();
  const [contract] = contractsOf(await place(), rolesOf(await roles()), options);
  if (!contract) return undefined;
  try {
    const beganMs = clock.wallMs();
    const info = await readStreamInfo(connection, contract.name);
    const serverMs = Date.parse(String(info?.ts));
    if (Number.isNaN(serverMs)) return undefined;
    return { nearestMs: serverMs - clock.wallMs(), farthestMs: serverMs - beganMs };
  } catch (thrown) {
    if (thrown instanceof GatewayError) return undefined;
    throw thrown;
  }
}
