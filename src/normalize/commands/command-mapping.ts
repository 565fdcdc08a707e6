/** What a profile says about one command of its devices, taken apart. */
import type { CommandValue } from "../../core/command.ts";
import type { WritableTable } from "../../core/device-write.ts";
import type { Unit } from "../../core/unit.ts";
import type { Codec } from "../codecs/codec.ts";
import type { RegisterShape } from "../codecs/encode-registers.ts";
import type { Expression } from "../expression.ts";
import type { Path } from "../paths/path.ts";
import type { FramePart } from "./frame-template.ts";
import type { TextPart } from "./text-template.ts";

export interface CommandMapping {
  readonly name: string;
  /** For people. */
  readonly about: string;
  readonly params: ReadonlyMap<string, ParamMapping>;
  /** Who issues it is asked whether that is meant. */
  readonly danger: boolean;
  readonly way: CommandWay;
  /** Undefined where its device does not answer. */
  readonly reply?: ReplyMapping;
  /** So long an answer is waited for. */
  readonly timeoutMs: number;
  readonly tries: number;
  /** The device takes it twice without harm. */
  readonly repeatable: boolean;
  /** So long it is valid where nobody says otherwise. */
  readonly validMs: number;
  readonly examples: readonly CommandExample[];
}

export type ParamMapping = {
  readonly about?: string;
  /** What it is where nobody says. */
  readonly default?: CommandValue;
} & (
  | {
      readonly type: "number";
      readonly unit?: Unit;
      /** Both ends included. */
      readonly range?: readonly [number, number];
      /** Only multiples of it, from the lower end of the range or from 0. */
      readonly step?: number;
    }
  | { readonly type: "boolean" }
  | {
      readonly type: "text";
      /** All there is; any text where it is undefined. */
      readonly values?: readonly string[];
    }
);

export type CommandWay =
  | {
      readonly kind: "message";
      readonly topic: readonly TextPart[];
      readonly payload: PayloadTemplate;
      readonly qos: 0 | 1;
      readonly retain: boolean;
    }
  | { readonly kind: "frame"; readonly parts: readonly FramePart[] }
  | {
      readonly kind: "registers";
      readonly table: WritableTable;
      readonly at: number;
      readonly shape: RegisterShape;
      readonly value: ValueTemplate;
      readonly single: boolean;
    };

/** A text as it stands, filled in; or a value that is sent as JSON. */
export type PayloadTemplate =
  | { readonly text: readonly TextPart[] }
  | { readonly json: ValueTemplate };

/** A value whose texts may hold `{words}`; a text that is one word alone becomes its value. */
export type ValueTemplate =
  | null
  | number
  | boolean
  | { readonly parts: readonly TextPart[] }
  | { readonly list: readonly ValueTemplate[] }
  | { readonly members: readonly (readonly [key: string, value: ValueTemplate])[] };

export interface ReplyMapping {
  /** Where answers come in over MQTT, with words that are known and words that are found there. */
  readonly topics: readonly (readonly TextPart[])[];
  readonly codec: Codec;
  /** Messages for which neither holds are no answer; without `when` all others are one. */
  readonly when?: Expression;
  readonly refused?: Expression;
  /** Where the answer says which command it is for. */
  readonly id?: Path;
  /** What people are shown. */
  readonly text?: Path;
}

/** A command as it is issued, what must leave, and what an answer must mean. */
export interface CommandExample {
  readonly device: string;
  readonly params: Readonly<Record<string, CommandValue>>;
  readonly id: string;
  readonly topic?: string;
  /** As it is sent; JSON as its value. */
  readonly payload?: unknown;
  readonly hex?: string;
  readonly registers?: readonly number[];
  readonly problem?: string;
  readonly answers: readonly {
    readonly topic?: string;
    readonly payload: string;
    readonly state: "acknowledged" | "refused" | "none";
    readonly text?: string;
  }[];
}
