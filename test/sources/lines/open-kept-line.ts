import { onTestFinished } from "vitest";
import * as z from "zod";
import { systemClock } from "../../../src/app/system-clock.ts";
import type { Logger } from "../../../src/core/logger.ts";
import { KeptLine } from "../../../src/sources/lines/kept-line.ts";
import { LineReport } from "../../../src/sources/lines/line-report.ts";
import { openLine } from "../../../src/sources/lines/open-line.ts";
import { type LineOptions, lineFields } from "../../../src/sources/lines/options.ts";
import { RecordingSink } from "../../support/mqtt-broker.ts";
import { silentLogger, silentMetrics } from "../../support/silence.ts";

/** Options as they are once the configuration is read. */
export function lineOptions(fields: z.input<z.ZodObject<typeof lineFields>>): LineOptions {
  return z.object(lineFields).parse(fields);
}

/** A kept line with all that it says and hears. */
export class HeardLine {
  heard = Buffer.alloc(0);
  readonly happened: string[] = [];
  readonly sink = new RecordingSink();
  readonly line: KeptLine;

  constructor(options: LineOptions, source: string, logger: Logger) {
    const report = new LineReport({
      source,
      path: options.path ?? "",
      sink: this.sink,
      clock: systemClock,
      nowMs: () => systemClock.wallMs(),
      logger,
      metrics: silentMetrics,
    });
    this.line = new KeptLine({
      open: openLine(options, { source, logger }),
      report,
      clock: systemClock,
      user: {
        opened: () => this.happened.push("opened"),
        data: (bytes) => {
          this.heard = Buffer.concat([this.heard, bytes]);
        },
        lost: (reason) => this.happened.push(reason),
      },
    });
  }
}

/** Keeps a line; it is stopped when the test ends. */
export function openKeptLine(
  fields: Parameters<typeof lineOptions>[0],
  { logger = silentLogger, source = "test" }: { logger?: Logger; source?: string } = {},
): HeardLine {
  const heard = new HeardLine(lineOptions(fields), source, logger);
  onTestFinished(() => heard.line.stop());
  heard.line.start();
  return heard;
}
