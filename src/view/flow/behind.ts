/** How far a reader is behind the end of a stream. */

/** The end of a stream, as far as it concerns a reader. */
export interface StreamEnd {
  readonly messages: number;
  readonly bytes: number;
  readonly firstSeq: number;
  readonly lastSeq: number;
}

/**
 * Messages that the stream holds behind `readTo`. Never below nothing, and never what went by its age:
 * nobody can read that any more.
 */
export function messagesBehind({ firstSeq, lastSeq, messages }: StreamEnd, readTo: number): number {
  if (messages === 0) return 0;
  return Math.max(0, lastSeq - Math.max(readTo, firstSeq - 1));
}

/** About so many bytes: messages of a stream are alike. */
export function bytesBehind(stream: StreamEnd, behind: number): number {
  return stream.messages === 0 ? 0 : Math.round((stream.bytes / stream.messages) * behind);
}
