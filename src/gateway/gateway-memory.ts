/**
 * What a gateway remembers from one process to the next beside its log, in a small file that is
 * replaced as a whole. It is a hint: where it is missing or damaged, nothing is known.
 */
import { join } from "node:path";
import type { Disk } from "../core/disk.ts";
import { type DeviceId, toDeviceId } from "../core/ids.ts";
import type { Logger } from "../core/logger.ts";
import { readText, replaceText } from "./small-file.ts";

const fileName = "memory.json";

export interface GatewayMemory {
  /** The boot of the machine in which the time was known last; undefined when it never was. */
  readonly clockBoot: string | undefined;
  /** The devices that were configured. */
  readonly configured: readonly DeviceId[];
}

/** What is different since an earlier process of this data folder. */
export interface Recalled {
  /** The machine was not started anew since the time was known. */
  readonly knewTime: boolean;
  /** Devices that were configured and are no more. */
  readonly removed: readonly DeviceId[];
  /**
   * To be called whenever the time is known, and the log has what follows from `removed` on disk;
   * writes at the first call.
   */
  readonly settle: () => void;
  /** These are configured now; to be called when the log has on disk what follows from that. */
  readonly configure: (devices: readonly DeviceId[]) => void;
}

/**
 * Compares with what an earlier process remembered; `present.clockBoot` names the present boot, where
 * the system has a name for it. Never fails.
 */
export async function recallGateway(
  disk: Disk,
  folder: string,
  present: GatewayMemory,
  logger: Logger,
): Promise<Recalled> {
  const memory = await readMemory(disk, folder);
  const { clockBoot } = present;
  const configured = new Set(present.configured);
  let isSettled = false;
  let latest = present;
  const write = (): void => {
    writeMemory(disk, folder, latest).catch((thrown) =>
      logger.warn("what the next start has to know was not written", { folder, thrown }),
    );
  };
  return {
    knewTime: clockBoot !== undefined && clockBoot === memory.clockBoot,
    removed: memory.configured.filter((device) => !configured.has(device)),
    settle() {
      if (isSettled) return;
      isSettled = true;
      write();
    },
    configure(devices) {
      latest = { ...latest, configured: devices };
      if (isSettled) write();
    },
  };
}

/** What an earlier process of this data folder remembered. Never fails. */
export async function readMemory(disk: Disk, folder: string): Promise<GatewayMemory> {
  try {
    return parseMemory(await readText(disk, join(folder, fileName)));
  } catch {
    return { clockBoot: undefined, configured: [] };
  }
}

/** Replaces what is remembered; it is on the medium when this resolves. */
export async function writeMemory(
  disk: Disk,
  folder: string,
  memory: GatewayMemory,
): Promise<void> {
  await replaceText(disk, folder, fileName, JSON.stringify(memory));
}

function parseMemory(text: string): GatewayMemory {
  const value: Partial<Record<keyof GatewayMemory, unknown>> = JSON.parse(text);
  const { clockBoot, configured } = value;
  const names = Array.isArray(configured) ? configured : [];
  return {
    clockBoot: typeof clockBoot === "string" ? clockBoot : undefined,
    configured: names.filter((name) => typeof name === "string").map(toDeviceId),
  };
}
