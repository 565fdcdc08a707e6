/** Certificates that are renewed while they are used: what is in the files counts, without a restart. */
import { X509Certificate } from "node:crypto";
import { type Audit, ownAct } from "../core/audit.ts";
import type { Clock, Timer } from "../core/clock.ts";
import type { Disk } from "../core/disk.ts";
import type { Logger } from "../core/logger.ts";
import { systemReason } from "../core/system-reason.ts";
import { faultOf, readTls, type TlsMaterial, type TlsPaths } from "./tls-material.ts";

/** How often the files are looked at. */
const everyMs = 10_000;
/** How often one whose end is near is told of, and when that begins. */
const dayMs = 86_400_000;
const nearDays = 14;

export interface TlsWatchParts {
  readonly paths: TlsPaths;
  readonly first: TlsMaterial;
  readonly disk: Disk;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly audit: Audit;
  /** Takes what the files hold now: it fits together, and is another than before. */
  changed(material: TlsMaterial): void;
}

/** Looks at the files until it is stopped. What does not fit together is told and not used. */
export class TlsWatch {
  readonly #parts: TlsWatchParts;
  /** What the files held last, or why they could not be read. */
  #known: string;
  #certificate: Buffer;
  #toldMs = Number.NEGATIVE_INFINITY;
  #timer: Timer;
  #stopped = false;

  constructor(parts: TlsWatchParts) {
    this.#parts = parts;
    this.#known = printOf(parts.first);
    this.#certificate = parts.first.cert;
    this.#tellOfItsEnd();
    this.#timer = this.#later();
  }

  stop(): void {
    this.#stopped = true;
    this.#timer.cancel();
  }

  #later(): Timer {
    return this.#parts.clock.setTimer(everyMs, () => {
      void this.#look().then(() => {
        if (!this.#stopped) this.#timer = this.#later();
      });
    });
  }

  async #look(): Promise<void> {
    const { changed, disk, paths } = this.#parts;
    try {
      const material = await readTls(disk, paths);
      if (this.#stopped || !this.#isNews(printOf(material))) return;
      const fault = faultOf(material);
      if (fault) return this.#refuse(`tls.${fault.path.join(".")}: ${fault.message}`);
      this.#certificate = material.cert;
      this.#toldMs = Number.NEGATIVE_INFINITY;
      changed(material);
      const { subject, validTo } = new X509Certificate(material.cert);
      const text = `${subject}, until ${validTo}`;
      this.#parts.audit.note(ownAct("certificate", paths.cert, "done", text));
      this.#parts.logger.info("new certificates are in use", { cert: paths.cert });
    } catch (thrown) {
      const reason = systemReason(thrown);
      if (this.#isNews(reason)) this.#refuse(reason);
    } finally {
      this.#tellOfItsEnd();
    }
  }

  #isNews(found: string): boolean {
    const isNews = found !== this.#known;
    this.#known = found;
    return isNews;
  }

  #refuse(reason: string): void {
    const { audit, logger, paths } = this.#parts;
    audit.note(ownAct("certificate", paths.cert, "failed", reason));
    logger.warn("the certificate files changed to what cannot be used; those before stay in use", {
      reason,
      cert: paths.cert,
    });
  }

  #tellOfItsEnd(): void {
    const { clock, logger, paths } = this.#parts;
    const nowMs = clock.monotonicMs();
    if (this.#stopped || nowMs - this.#toldMs < dayMs) return;
    const { validFrom, validTo } = new X509Certificate(this.#certificate);
    const leftDays = Math.floor((Date.parse(validTo) - clock.wallMs()) / dayMs);
    const isEarly = clock.wallMs() < Date.parse(validFrom);
    if (leftDays > nearDays && !isEarly) return;
    this.#toldMs = nowMs;
    logger.warn("the certificate will not be trusted for long; renew it", {
      cert: paths.cert,
      validFrom,
      validTo,
    });
  }
}

function printOf({ ca, cert, key }: TlsMaterial): string {
  return [cert, key, ca ?? ""].map((part) => part.toString("latin1")).join("\0");
}
