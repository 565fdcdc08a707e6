/** What a user of the backbone may do there: subjects it may publish to, and subjects it may hear. */

export interface Rights {
  readonly publish: readonly string[];
  readonly subscribe: readonly string[];
}

/** Somebody who connects to the backbone. */
export interface Member extends Rights {
  /** Of the file with its seed, and for people. */
  readonly name: string;
  /** Set where it has an account of its own, and what it may do there is handed on to the hub's. */
  readonly account?: string;
}

/** Asks how a stream is. With a filter in the question it tells the subjects of the stream, too. */
export function asksAbout(stream: string): string {
  return `$JS.API.STREAM.INFO.${stream}`;
}

/** Asks for single messages of a stream, whichever. */
export function getsFrom(stream: string): string {
  return `$JS.API.STREAM.MSG.GET.${stream}`;
}

/** All that a reader of a stream does: consumers that are its own for a while, and single messages. */
export function reads(stream: string): readonly string[] {
  const api = "$JS.API.CONSUMER";
  return [
    asksAbout(stream),
    getsFrom(stream),
    `${api}.CREATE.${stream}.>`,
    `${api}.INFO.${stream}.*`,
    `${api}.MSG.NEXT.${stream}.*`,
    `${api}.DELETE.${stream}.*`,
  ];
}

/** Reads keys of a bucket. */
export function looksUp(bucket: string): readonly string[] {
  return [asksAbout(`KV_${bucket}`), getsFrom(`KV_${bucket}`)];
}

/** Reads keys of a bucket, and writes those that a filter takes. */
export function keeps(bucket: string, ...filters: readonly string[]): readonly string[] {
  return [...looksUp(bucket), ...filters.map((filter) => `$KV.${bucket}.${filter}`)];
}

/** Answers to what a client of this name asked. */
export function answersTo(name: string): string {
  return `_INBOX.${name}.>`;
}

/** The figures of the account: how a client notices that its server left the cluster. */
export const accountFigures = "$JS.API.INFO";
/** The names and settings of all streams. */
export const listOfStreams = "$JS.API.STREAM.LIST";
