/**
 * What the backbone knows of the rule files of a site, whoever reads them: the last good ones, for a
 * start with broken ones, and an alert while they are broken.
 *
 * The alert is judged by what is stored of it, and appended only right behind that: however many
 * processors find the same, and however often they are started, it begins once and ends once. Who
 * finds the files good ends it when it finds so; who finds them broken looks again from time to time,
 * so where two machines have different files, the alert is there in the end.
 */
import type { AlertTransition } from "../core/alert.ts";
import { type Clock, type EpochMs, sleep } from "../core/clock.ts";
import { GatewayError } from "../core/errors.ts";
import type { SiteId } from "../core/ids.ts";
import type { Logger } from "../core/logger.ts";
import type { Random } from "../core/retry.ts";
import { checkpointsBucket } from "../core/subject.ts";
import { escapeToken } from "../core/token.ts";
import { appendRightBehind, readLastTransition } from "../stream/alert-log.ts";
import type { Backbone } from "../stream/backbone.ts";
import { ensureStream } from "../stream/ensure-stream.ts";
import { cacheBucket } from "../stream/kv.ts";
import type { BackboneOptions } from "../stream/options.ts";
import { readPartedDocument } from "../stream/parted-document.ts";
import { PartedDocumentWriter } from "../stream/parted-document-writer.ts";
import { alertsStreamContract } from "../stream/stream-contract.ts";
import { completeTransition } from "./complete-transition.ts";
import type { TransitionDraft } from "./engine.ts";

const lookEveryMs = 30_000;
const retryMs = 2_000;

/** What is true of the files now. */
export type RuleFilesState =
  /** With what they say, as JSON. */
  | { readonly kind: "good"; readonly text: string }
  | { readonly kind: "broken"; begin(atMs: EpochMs): TransitionDraft };

export interface RuleFilesDependencies {
  readonly site: SiteId;
  /** Of the alert. */
  readonly instance: string;
  /** Makes the end of the alert, of the last that is stored of it. */
  readonly end: (firing: TransitionDraft, atMs: EpochMs) => TransitionDraft;
  readonly lateAfterMs: number;
  readonly backbone: Backbone;
  readonly backboneOptions: BackboneOptions;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

export class RuleFiles {
  readonly #deps: RuleFilesDependencies;
  readonly #bucket: ReturnType<typeof cacheBucket>;
  readonly #key: string;
  readonly #stopping = new AbortController();
  #state: RuleFilesState;
  #hurry = new AbortController();
  #running: Promise<void> = Promise.resolve();

  constructor(state: RuleFilesState, deps: RuleFilesDependencies) {
    this.#state = state;
    this.#deps = deps;
    this.#bucket = cacheBucket(deps.backbone, checkpointsBucket, deps.backboneOptions);
    this.#key = `rule-files.${escapeToken(deps.site)}`;
  }

  start(): void {
    this.#running = this.#run();
  }

  /** The files were read again. */
  say(state: RuleFilesState): void {
    this.#state = state;
    this.#hurry.abort();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#hurry.abort();
    await this.#running;
  }

  /** What the last good ones say; waits for a connection. Undefined where there were none yet. */
  async lastGood(): Promise<unknown> {
    const bucket = await this.#bucket(this.#stopping.signal);
    const kept = await readPartedDocument(bucket, this.#key);
    return kept.kind === "read" ? kept.content : undefined;
  }

  async #run(): Promise<void> {
    const { clock, logger } = this.#deps;
    const { signal } = this.#stopping;
    let done: RuleFilesState | undefined;
    while (!signal.aborted) {
      this.#hurry = new AbortController();
      const state = this.#state;
      try {
        if (state.kind === "good" && state !== done) await this.#keep(state.text);
        if (state.kind === "broken" || state !== done) await this.#tell(state);
        done = state;
      } catch (thrown) {
        const reason = GatewayError.from(thrown, "stream.unavailable", "cannot tell").message;
        logger.debug("the backbone was not told of the rule files", { reason });
      }
      const waitMs = done === state ? lookEveryMs : retryMs;
      if (!signal.aborted) await sleep(clock, waitMs, this.#hurry.signal);
    }
  }

  async #keep(text: string): Promise<void> {
    const bucket = await this.#bucket(this.#stopping.signal);
    const kept = await readPartedDocument(bucket, this.#key);
    if (kept.kind === "read" && JSON.stringify(kept.content) === text) return;
    const writer = new PartedDocumentWriter(this.#key, kept.revision, this.#deps.random);
    await writer.write(bucket, [text], []);
  }

  async #tell(state: RuleFilesState): Promise<void> {
    const { backbone, backboneOptions, clock, end, instance, lateAfterMs, site } = this.#deps;
    const connection = await backbone.connected(this.#stopping.signal);
    await ensureStream(connection, alertsStreamContract(backboneOptions));
    for (;;) {
      const { subjectSeq, transition: last } = await readLastTransition(connection, {
        ...{ instance, site },
      });
      const firing = last?.state === "firing" ? last : undefined;
      if ((firing !== undefined) === (state.kind === "broken")) return;
      const nowMs = clock.wallMs();
      const draft = firing
        ? end(draftOf(firing), nowMs)
        : state.kind === "broken" && state.begin(laterThan(last, nowMs));
      if (!draft) return;
      const transition = completeTransition(draft, [], nowMs, lateAfterMs);
      if (await appendRightBehind(connection, transition, subjectSeq)) return;
    }
  }
}

/** Episodes of an alert start at rising moments, whatever clock they are by. */
function laterThan(last: AlertTransition | undefined, nowMs: EpochMs): EpochMs {
  return last ? Math.max(nowMs, Date.parse(last.started_at) + 1) : nowMs;
}

function draftOf({ late: _, observed_at: __, read_up_to: ___, ...draft }: AlertTransition) {
  return draft;
}
