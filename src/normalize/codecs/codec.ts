/** What a codec is: how the bytes of a message become a value that paths can be looked up in. */
import type { EpochMs } from "../../core/clock.ts";
import type { PollPlan } from "../../core/poll-plan.ts";

/** The value in a payload, made of what JSON has, or why there is none. */
export type Decoded =
  | {
      readonly ok: true;
      readonly value: unknown;
      /** What of the payload has no value, in words: a key that stands twice, a broken line. */
      readonly misfits?: readonly string[];
      /** Texts in the value that the payload writes as numbers too long to be one. */
      readonly bigNumbers?: ReadonlySet<string>;
      /** Texts in the value that stand where one could not be had: why. */
      readonly failures?: ReadonlySet<string>;
    }
  | { readonly ok: false; readonly reason: string };

interface CodecWords {
  /** As profiles name it. */
  readonly name: string;
  /** What it is for, in a few words. */
  readonly about: string;
  /** The field beside `codec` that says how it reads; see `codecOptions`. */
  readonly options?: string;
  /** It reads nothing as long as that field is not there. */
  readonly needsOptions?: true;
  /** What has to be asked of a device so that there is something to read. */
  readonly poll?: PollPlan;
}

/** One that reads texts; what is not UTF-8 is never shown to it. */
export interface TextCodec extends CodecWords {
  readonly reads: "text";
  /**
   * Never throws, whatever the text. The time of receipt is for times that the payload writes in
   * part: without a century, or as seconds before now.
   */
  decode(text: string, receivedMs: EpochMs): Decoded;
  /** For the page about profiles, and held against `decode` by a test. */
  readonly example: { readonly payload: string; readonly value: unknown };
}

/** One that reads bytes of any kind. */
export interface BytesCodec extends CodecWords {
  readonly reads: "bytes";
  /** Never throws, whatever the bytes. */
  decode(bytes: Uint8Array, receivedMs: EpochMs): Decoded;
  /** The payload in hex. */
  readonly example: { readonly payload: string; readonly value: unknown };
}

export type Codec = TextCodec | BytesCodec;
