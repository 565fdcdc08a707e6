import type { StreamSeq } from "../core/ids.ts";
import type { Logger } from "../core/logger.ts";
import type { Metrics } from "../core/metrics.ts";
import type { ReadMark, StreamView } from "./locate-position.ts";
import type { Hole, Tear } from "./seen-records.ts";

/** What the reader of one gateway stream tells people. */
export interface ReaderJournal {
  read(records: number): void;
  repeated(): void;
  malformed(streamSeq: StreamSeq, reason: string): void;
  astray(expected: StreamSeq, found: StreamSeq): void;
  /** The stream is not the one that was read, or lost its end. */
  streamChanged(mark: ReadMark, view: StreamView, from: StreamSeq): void;
  /** Records were never read, since the stream let go of them before. */
  torn(tear: Tear): void;
  /** Records that no gap event declares lost. */
  missing(holes: readonly Hole[]): void;
}

export function createReaderJournal(
  stream: string,
  logger: Logger,
  metrics: Metrics,
): ReaderJournal {
  const labels = { stream };
  const read = metrics.counter(
    "gateway_stream_records_read_total",
    "Records read from a gateway's stream, each once.",
  );
  const repeated = metrics.counter(
    "gateway_stream_records_repeated_total",
    "Records that had been read before and were passed over.",
  );
  const malformed = metrics.counter(
    "gateway_stream_messages_malformed_total",
    "Messages in a gateway's stream that are no events of ours.",
  );
  const changed = metrics.counter(
    "gateway_stream_changes_total",
    "Times a gateway's stream was another one or shorter than what had been read of it.",
  );
  const torn = metrics.counter(
    "gateway_stream_tears_total",
    "Times a gateway's stream had let go of records before they were read.",
  );
  const missing = metrics.counter(
    "gateway_stream_records_missing_total",
    "Records that are not in a gateway's stream and that no gap event declares lost.",
  );
  return {
    read: (records) => read.add(records, labels),
    repeated: () => repeated.add(1, labels),
    malformed(streamSeq, reason) {
      malformed.add(1, labels);
      logger.warn("a message is no event of ours and was passed over", {
        stream,
        streamSeq,
        reason,
      });
    },
    astray: (expected, found) =>
      logger.warn("messages of a stream do not follow each other; looking again", {
        stream,
        expected,
        found,
      }),
    streamChanged(mark, view, from) {
      changed.add(1, labels);
      logger.warn("a stream is not the one that was read; going on where it is new", {
        stream,
        readUpTo: mark.streamSeq,
        created: view.created,
        lastSeq: view.lastSeq,
        from,
      });
    },
    torn({ after, before }) {
      torn.add(1, labels);
      logger.error("records are gone from a stream before they were read", {
        stream,
        readUpTo: `${after.run}.${after.seq}`,
        goingOnAt: `${before.run}.${before.seq}`,
      });
    },
    missing(holes) {
      for (const { after, from, to } of holes) {
        missing.add(to - from + 1, labels);
        logger.error("records are missing from a stream and nothing declares them lost", {
          stream,
          run: after,
          from,
          to,
        });
      }
    },
  };
}
