/** What requests and answers look like on a line: RTU, or ASCII. */
import { type Answer, beginsAt, exceptionFlag, type ModbusRequest } from "./request.ts";

export interface LineFrames {
  /** Of the longest frame there can be, on the line. */
  readonly longestBytes: number;
  frameOf(request: ModbusRequest): Uint8Array;
  /** How many bytes on the line the answer has. */
  answerBytes(request: ModbusRequest): number;
  /**
   * The answer to a request among bytes from a place on that may have noise around it; undefined as long
   * as it is not whole.
   */
  findAnswer(
    request: ModbusRequest,
    bytes: Uint8Array,
    from: number,
  ): Extract<Answer, { kind: "data" | "exception" }> | undefined;
  /** The unit of a request that somebody else sent; undefined where there is none in the bytes. */
  findRequest(bytes: Uint8Array): number | undefined;
  /** True where what stands at a place is a whole answer, to whatever was asked. */
  isWholeAnswer(bytes: Uint8Array, at: number): boolean;
  /**
   * True where what came begins as an answer of the unit does, whatever became of the rest. Bytes that a
   * switch of direction leaves on the line say nothing of the unit.
   */
  isOfUnit(request: ModbusRequest, bytes: Uint8Array, from: number): boolean;
  /** Whose frame begins at a place; undefined where none does. */
  unitAt(bytes: Uint8Array, at: number): number | undefined;
  /** What came in place of an answer, in words. */
  damageWords(request: ModbusRequest, bytes: Uint8Array, from: number): string;
}

/** Where a line is noisy, so many bytes may be in front of a frame. */
export const mostNoiseInFront = 4;

/** `came`: unit, function, data and checksum; `checksum`: its name and how many bytes it has. */
export function wordsOfDamage(
  { answerLength, head, unit }: ModbusRequest,
  came: Uint8Array,
  checksum: { readonly name: string; readonly bytes: number },
): string {
  const { length } = came;
  const wanted = 1 + answerLength + checksum.bytes;
  if (came[0] !== unit) return `${length} bytes came that are no answer of unit ${unit}`;
  const [, code] = came;
  if (code !== head[0] && code !== ((head[0] ?? 0) | exceptionFlag))
    return `unit ${unit} answered with function ${code}, asked was ${head[0]}`;
  if (length !== wanted) return `the answer has ${length} bytes, and should have ${wanted}`;
  return beginsAt(head, came, 1)
    ? `the ${checksum.name} of the answer is wrong`
    : "the answer is to another request";
}
