/** What a kind of receiver is: the one thing that its file shows to the rest of the house. */
import type * as z from "zod";
import type { Clock } from "../core/clock.ts";
import { type SecretReference, secretFieldsOf } from "../schema/secret-reference.ts";
import type { Poster, PosterOptions } from "./http-post.ts";
import type { Receiver } from "./receiver.ts";

/** What receivers reach people and programs by. */
export interface ReceiverSurroundings {
  readonly clock: Clock;
  /** Where the log receiver writes its lines, without the line end. */
  readonly out: (line: string) => void;
  readonly createPoster: (options: PosterOptions) => Poster;
  /** What is behind a reference; rejects with `config.secret-missing`. */
  readonly readSecret: (reference: SecretReference) => Promise<{ reveal(): string }>;
  /** The text of a file beside the configuration; rejects with `config.unreadable`. */
  readonly readText: (path: string) => Promise<string>;
}

/** The options of a kind: an object whose `kind` is a literal. */
export type KindSchema = z.ZodObject<{ kind: z.ZodLiteral<string> }>;

export interface ReceiverKind<S extends KindSchema = KindSchema> {
  readonly name: string;
  /** The form of its entries. */
  readonly options: S;
  /** Names of the options that are references to secrets. */
  readonly secrets: readonly string[];
  /**
   * Makes a receiver of parsed options; undefined when they are of another kind. Reads secrets and
   * files, and rejects with `config.secret-missing` or `config.unreadable`.
   */
  open(
    options: { readonly kind: string },
    surroundings: ReceiverSurroundings,
  ): Promise<Receiver> | undefined;
}

/** Makes a kind of its options and of what makes a receiver of them. */
export function receiverKind<S extends KindSchema>(
  options: S,
  open: (options: z.output<S>, surroundings: ReceiverSurroundings) => Promise<Receiver>,
): ReceiverKind<S> {
  const name = options.shape.kind.value;
  const isOurs = (entry: { readonly kind: string }): entry is z.output<S> => entry.kind === name;
  return {
    name,
    options,
    secrets: secretFieldsOf(options.shape),
    open: (entry, surroundings) => (isOurs(entry) ? open(entry, surroundings) : undefined),
  };
}
