/**
 * The role `gateway`, joined by hand: sources → normalize → log → forwarder.
 *
 * Start goes from the disk outwards, so that nothing is accepted before it can be kept; stop goes
 * the other way. The backbone may be down for ever: everything but forwarding works without it.
 */
import { createDrafter } from "../core/event-draft.ts";
import { clockStepMs, GatewayTime } from "../core/gateway-time.ts";
import { type DeviceId, toGatewayId, toSiteId } from "../core/ids.ts";
import type { Source } from "../core/message.ts";
import { type AtEnd, openParts } from "../core/open-parts.ts";
import { untilDurable } from "../core/until-durable.ts";
import { createForwarder } from "../forward/forwarder.ts";
import { Announcer } from "../gateway/announcer.ts";
import { BufferWatch } from "../gateway/buffer-watch.ts";
import { deviceRemoved } from "../gateway/forget-device.ts";
import { GatewayBook, readBook } from "../gateway/gateway-book.ts";
import { recallGateway } from "../gateway/gateway-memory.ts";
import { type GatewayParts, gatewayStatus } from "../gateway/gateway-status.ts";
import { HeardOn } from "../gateway/heard-on.ts";
import { Ingest } from "../gateway/ingest.ts";
import { MetProbes } from "../gateway/met-probes.ts";
import { recallDevices } from "../gateway/recall-devices.ts";
import { countStates } from "../gateway/registry/device-rows.ts";
import { sayStopped } from "../gateway/say-stopped.ts";
import { deviceSources } from "./device-sources.ts";
import { drainOf } from "./drain.ts";
import { gatewayNormalizer } from "./gateway-normalizer.ts";
import { gatewayQuestions, rejectedMessages } from "./gateway-questions.ts";
import { begunTraces, gatewaySpans } from "./gateway-traces.ts";
import { gatewayWatermarks } from "./gateway-watermarks.ts";
import { gatewayFacts } from "./gather-gateway-facts.ts";
import { openDescriber } from "./open-describer.ts";
import { openDeviceCommands } from "./open-device-commands.ts";
import { openEdgeRules } from "./open-edge-rules.ts";
import { openFlowWatch } from "./open-flow-watch.ts";
import { openGatewayFolder } from "./open-gateway-folder.ts";
import { openLastMessages } from "./open-last-messages.ts";
import { openRegistry } from "./open-registry.ts";
import { openSources } from "./open-sources.ts";
import { prepareCommands } from "./prepare-command.ts";
import type { Role, RoleSurroundings } from "./role.ts";
import { openSiteBackbone, sightOf, siteBackboneOptions } from "./site-backbone.ts";
import { releasedMs } from "./version.ts";
import { watchBox } from "./watch-box.ts";

/** Starts the role; throws what keeps it from having its data folder, as `openGatewayFolder` does. */
export async function openGateway(surroundings: RoleSurroundings): Promise<Role> {
  const { parts, stop } = await openParts((atEnd) => joinGateway(surroundings, atEnd));
  return { ...parts, stop };
}

/** Joins the rooms in order. */
async function joinGateway(
  surroundings: RoleSurroundings,
  atEnd: AtEnd,
): Promise<Omit<Role, "stop">> {
  const { clock, logger, metrics, random, site, takeOver, taps } = surroundings;
  const { config } = site;
  const origin = { site: toSiteId(config.site), gateway: toGatewayId(config.gateway.id) };
  const startedMs = clock.wallMs();
  const sources: Source[] = [];
  const { bootId, disk, folder, log } = await openGatewayFolder(surroundings, origin, atEnd);
  const configured = site.catalog.configuredDevices();
  const recalled = await recallGateway(
    disk,
    folder,
    { clockBoot: bootId, configured: configured.map(({ device }) => device) },
    logger("gateway"),
  );
  const earlier = await readBook(disk, folder);
  const lastMs = log.lastAppendedMs;
  const time = new GatewayTime(clock, releasedMs, (lastMs ?? 0) - clockStepMs);
  const kept = await openLastMessages(disk, folder, log, logger("gateway"));
  const describer = await openDescriber({
    ...{ site, disk, folder, clock, sources },
    logger: logger("describe"),
    announcer: () => announcer,
    lastSeq: () => log.lastSeq,
  });
  const registry = await openRegistry({
    clock,
    disk,
    folder,
    log,
    logger: logger("gateway"),
    origin,
  });
  const draft = createDrafter(origin);
  const spans = gatewaySpans(surroundings, log, origin, atEnd);
  const normalizer = gatewayNormalizer(site, describer);
  const heardOn = new HeardOn();
  const ingest = new Ingest({
    ...{ clock, log, draft, time, taps, metrics },
    lastMessages: kept.lastMessages,
    normalize: begunTraces(surroundings, normalizer.normalize),
    met(device, event, message) {
      announcer.met(device, event);
      heardOn.note(device.id, message);
    },
    noted: registry.note,
    traced: spans?.appended,
    repeated: registry.repeated,
    named: (client) => announcer.onlyKnown(site.catalog.idsOf(client)),
    counted: () => watermarks.counted(),
  });
  const probes = new MetProbes(earlier.probes);
  const announcer = new Announcer(
    clock,
    (data) => ingest.own({ kind: "device", data, device: data.device }),
    (device) => ingest.own(deviceRemoved(device)),
    probes,
  );
  const book = new GatewayBook({
    disk,
    folder,
    clock,
    logger: logger("gateway"),
    revision: () => announcer.revision,
    devices: () => announcer.discovered(),
    isFormer: (device) => announcer.isFormer(device),
    probes: () => probes.all(),
    dropped: () => earlier.droppedBefore + log.state().droppedRecords,
  });
  const watermarks = gatewayWatermarks(surroundings, {
    ...{ ingest, lastMs, log, recalled, time },
    holding: () => sources.some((source) => source.holding),
  });
  const bufferWatch = new BufferWatch({
    clock,
    state: () => log.state(),
    say: (data) => ingest.own({ kind: "status", data }),
  });
  const backbone = openSiteBackbone(surroundings, `sluicegate-${origin.gateway}`);
  atEnd(() => backbone.close());
  const forwarder = createForwarder({
    log,
    backbone,
    origin,
    options: siteBackboneOptions(surroundings),
    clock,
    random,
    logger: logger("forward"),
    metrics,
    takeOver,
    traceHeaders: config.trace !== undefined,
    onConfirmed: spans?.forwarded,
  });
  const link = () => forwarder.state();
  const flow = openFlowWatch({ clock, ingest, link, log }, atEnd);
  forwarder.start();
  atEnd(() => forwarder.stop());

  // Wills are not published by a process that died: whatever was online before is unknown now.
  ingest.own({ kind: "status", data: { state: "unknown", cause: "gateway-started" } });
  for (const device of recalled.removed) ingest.own(deviceRemoved(device));
  announcer.start(configured);
  recallDevices(
    earlier.pages,
    announcer,
    (id, profile) => describer.known(id, profile) ?? site.catalog.discovered(id, profile),
  );
  describer.tell();
  book.start();
  watermarks.start();
  bufferWatch.start();
  atEnd(async () => {
    ingest.stop();
    bufferWatch.stop();
    watermarks.stop();
    await describer.stop();
    announcer.stop();
    await book.stop();
    await sayStopped({ clock, ingest, link, log });
    await registry.stop();
    await kept.file.stop();
  });

  // These end before it is said that all of it stops, since nothing may stand behind that.
  const box = watchBox(surroundings, { disk, folder, ingest, log, time }, atEnd);
  const edgeRules = await openEdgeRules(surroundings, { disk, folder, ingest, log, origin }, atEnd);
  const commands = await openDeviceCommands(
    surroundings,
    {
      ...{ backbone, disk, folder, heardOn, ingest, link, log, origin, sources, time },
      prepare: prepareCommands(site.catalog, announcer),
      untilKnown: () => book.settle(),
    },
    atEnd,
  );
  const nowMs = () => time.nowMs();
  const ways = {
    ...{ folder, log, nowMs, origin, sink: commands.sink },
    pollPlan: (device: DeviceId) => site.catalog.configured(device)?.profile.codec.poll,
    clientOf: (device: DeviceId) => heardOn.clientOf(device),
  };
  const stopSources = await openSources(surroundings, ways, atEnd, sources);
  // Devices are let in first: there may be minutes of their past to read.
  registry.start(backbone);
  const drain = drainOf(stopSources);
  atEnd(commands.stop);

  const { catalog } = site;
  let siteNow = site;
  const devices = deviceSources({ announcer, catalog, nowMs, registry, startedMs });
  const parts: GatewayParts = {
    ...{ announcer, clock },
    commands: commands.status,
    deviceStates: () => countStates(devices),
    descriptions: () => describer.status(),
    droppedBefore: earlier.droppedBefore,
    edgeRules: edgeRules.status,
    ...{ flow, ingest, link, log, origin, sources, startedMs },
    isClosed: () => drain.isClosed,
    box,
    backbone: () => sightOf(backbone.state),
  };
  const status = () => gatewayStatus(parts);
  const asked = {
    ...{ announcer, backbone, describer, devices, draft, ingest, log, normalizer, origin },
    ...{ catalog, registry },
  };
  const rejected = rejectedMessages(asked);
  const questions = { ...gatewayQuestions(asked, rejected, edgeRules), drain: drain.begin };
  return {
    status,
    reload(next) {
      siteNow = next;
      site.catalog.adopt(next.catalog);
      const records = site.catalog.configuredDevices();
      announcer.configure(records);
      describer.tellAgain();
      commands.wake();
      edgeRules.reload(next);
      void untilDurable(log, log.lastSeq).then(() =>
        recalled.configure(records.map(({ device }) => device)),
      );
    },
    questions,
    gateway: gatewayFacts({
      ...asked,
      ...{ edgeRules, flow, questions, rejected, status, site: () => siteNow },
    }),
  };
}
