/** What a check is. Each is one file; `checks.ts` lists them in the order in which they are told. */

import type { BufferFolder } from "../../buffer/tools/open-buffer-folder.ts";
import type { LoadResult } from "../../config/site/load-site.ts";
import type { SitePlace } from "../../config/site/read-site-place.ts";
import type { Clock } from "../../core/clock.ts";
import type { BackboneLook, ServerAnswer } from "./backbone-look.ts";
import type { Finding } from "./finding.ts";
import type { RolesHere } from "./roles-here.ts";

/** In the order of the report. */
export const checkGroups = [
  "machine",
  "files",
  "service",
  "backbone",
  "buffer",
  "inputs",
  "receivers",
  "history",
  "bridge",
  "devices",
  "console",
] as const;

export type CheckGroup = (typeof checkGroups)[number];

/** One question about this machine, or about what it reaches. */
export interface Check {
  /** `disk.space`: stable, known to `--only`, `--skip` and `sluicegate explain`. */
  readonly id: string;
  readonly group: CheckGroup;
  /** What it asks, for `--list`: a part of a sentence. */
  readonly asks: string;
  /** What a bad answer means and what to do, in a few sentences for `sluicegate explain`. */
  readonly explanation: string;
  /**
   * Gives a finding for each thing it looked at, none where there is nothing of the kind. Harms
   * nothing: a running gateway, its log, the streams and the devices do not notice it. Whatever it
   * waits for ends with `signal`. What it throws is told as a fault of what it looked at, except
   * `NotChecked`.
   */
  run(around: DoctorSurroundings): Promise<readonly Finding[]>;
}

/** Why a check could not be made, where something else is to be mended first. */
export class NotChecked extends Error {}

/** What checks look at. What is asked for twice is read once. */
export interface DoctorSurroundings {
  readonly clock: Clock;
  readonly env: NodeJS.ProcessEnv;
  /** Version of the program that runs us: `v20.19.0`. */
  readonly nodeVersion: string;
  /** `/`, or in its place a folder with files as the system has them. */
  readonly root: string;
  /** Aborted when the time of the check is over. */
  readonly signal: AbortSignal;
  /** How long to wait for others, so that there is time left to say that they were silent. */
  readonly patienceMs: number;
  readonly configPath: string;
  /** The configuration, as far as it is right; throws `NotChecked` where it cannot be read. */
  place(): Promise<SitePlace>;
  /** All files of the site. */
  load(): Promise<LoadResult>;
  /** What the processes of this configuration say that run here; empty where none answers. */
  roles(): Promise<RolesHere>;
  /** The buffer on disk, to be looked at; throws `NotChecked` where there is none, or none for this user. */
  buffer(): Promise<BufferFolder>;
  /** How each server of the backbone answered. */
  servers(): Promise<readonly ServerAnswer[]>;
  /** A connection to the backbone; throws `NotChecked` where there is none. */
  backbone(): Promise<BackboneLook>;
}
