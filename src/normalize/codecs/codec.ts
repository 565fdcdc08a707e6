/** What a codec is: how the bytes of a message become a value that paths can be looked up in. */

/** The value in a payload, made of what JSON has, or why there is none. */
export type Decoded =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly reason: string };

interface CodecWords {
  /** As profiles name it. */
  readonly name: string;
  /** What it is for, in a few words. */
  readonly about: string;
}

/** One that reads texts; what is not UTF-8 is never shown to it. */
export interface TextCodec extends CodecWords {
  readonly reads: "text";
  /** Never throws, whatever the text. */
  decode(text: string): Decoded;
  /** For the page about profiles, and held against `decode` by a test. */
  readonly example: { readonly payload: string; readonly value: unknown };
}

/** One that reads bytes of any kind. */
export interface BytesCodec extends CodecWords {
  readonly reads: "bytes";
  /** Never throws, whatever the bytes. */
  decode(bytes: Uint8Array): Decoded;
  /** The payload in hex. */
  readonly example: { readonly payload: string; readonly value: unknown };
}

export type Codec = TextCodec | BytesCodec;
