/** A value that a simulated Modbus device holds in its registers. */
import type { RegisterTable } from "../../core/poll-plan.ts";

export type PointValue = number | boolean | string;

export interface Point {
  readonly table: RegisterTable;
  /** As it is sent, from 0. */
  readonly at: number;
  /** A text has so many registers; coils and discrete inputs have one bit, whatever stands here. */
  readonly type: "u16" | "i16" | "u32" | "i32" | "f32" | { readonly text: number };
  /** The lower register comes first. */
  readonly swapped?: true;
  /** What is in the registers follows from the number of the reading alone. */
  readonly value: (number: number) => PointValue;
  /** So many steps are one: 10 where tenths are held. */
  readonly steps?: number;
  /** As what and in its own unit it is stored; left out where the profile passes it over. */
  readonly metric?: string;
  /** A master may write it; then it holds what was written. */
  readonly writable?: true;
}

/** How many registers, or bits, it takes. */
export function sizeOf({ table, type }: Point): number {
  if (table === "coil" || table === "discrete") return 1;
  if (typeof type === "object") return type.text;
  return type === "u16" || type === "i16" ? 1 : 2;
}

/** The registers, or the bit, that hold a value. */
export function wordsOf(point: Point, value: PointValue): readonly number[] {
  const { steps = 1, swapped, table, type } = point;
  if (table === "coil" || table === "discrete") return [Number(Boolean(value))];
  if (typeof type === "object") return wordsOfText(String(value), type.text);
  const raw = Number(value) * steps;
  const view = new DataView(new ArrayBuffer(4));
  if (type === "f32") view.setFloat32(0, raw);
  else view.setInt32(0, Math.round(raw));
  const [high, low] = [view.getUint16(0), view.getUint16(2)];
  if (type === "u16" || type === "i16") return [low];
  return swapped ? [low, high] : [high, low];
}

function wordsOfText(text: string, count: number): readonly number[] {
  const bytes = Buffer.alloc(count * 2);
  bytes.write(text, "latin1");
  return Array.from({ length: count }, (_, at) => bytes.readUInt16BE(at * 2));
}
