/** From a value to the registers that hold it: the way back of what the codec `modbus` reads. */
import { arranged, type RegisterOrder } from "./register-order.ts";
import { isOfText, parseRegisterType, type RegisterType, withoutWords } from "./register-type.ts";

/** How a value lies in registers; `scale` and `offset` as where it is read. */
export interface RegisterShape {
  readonly type: string;
  readonly order?: RegisterOrder;
  readonly scale?: number;
  readonly offset?: number;
}

interface Problem {
  readonly problem: string;
}

/**
 * The registers, each 0 to 65535, or why the value cannot be in them. Nothing is rounded and nothing
 * cut: what a device gets is what was asked for.
 */
export function encodeRegisters(
  shape: RegisterShape,
  value: number | bigint | boolean | string,
): readonly number[] | Problem {
  const type = parseRegisterType(shape.type);
  if ("problem" in type) return type;
  const isText = isOfText(type.kind);
  const bytes = isText ? bytesOfText(type, value) : bytesOfNumber(type, value, shape);
  if ("problem" in bytes) return bytes;
  const { order = "ABCD" } = shape;
  const placed = arranged(bytes, isText ? withoutWords(order) : order);
  return Array.from(
    { length: type.count },
    (_, at) => (placed[at * 2] ?? 0) * 256 + (placed[at * 2 + 1] ?? 0),
  );
}

function bytesOfText({ count, kind, text }: RegisterType, value: unknown): Uint8Array | Problem {
  if (typeof value !== "string") return { problem: `${String(value)} is not a text` };
  if (kind === "hex" && !/^(?:[0-9a-f]{2})*$/i.test(value))
    return { problem: `"${value.slice(0, 64)}" is not hex` };
  if (kind === "chars") return bytesOfCharacters(text, count, value);
  const written = Buffer.from(value, kind === "hex" ? "hex" : "utf8");
  if (written.length > count * 2)
    return { problem: `a ${text} holds ${count * 2} bytes, not ${written.length}` };
  return Buffer.concat([written, Buffer.alloc(count * 2 - written.length)]);
}

/** One a register, in its lower byte. */
function bytesOfCharacters(text: string, count: number, value: string): Uint8Array | Problem {
  const written = Buffer.from(value, "utf8");
  if (written.length > count)
    return { problem: `a ${text} holds ${count} bytes, not ${written.length}` };
  return Uint8Array.from({ length: count * 2 }, (_, at) =>
    at % 2 === 1 ? (written[at >> 1] ?? 0) : 0,
  );
}

function bytesOfNumber(
  type: RegisterType,
  value: number | bigint | boolean | string,
  { offset = 0, scale = 1 }: RegisterShape,
): Uint8Array | Problem {
  if (typeof value === "string") return { problem: `"${value.slice(0, 64)}" is not a number` };
  const isScaled = scale !== 1 || offset !== 0;
  const raw = isScaled || typeof value === "boolean" ? (Number(value) - offset) / scale : value;
  if (type.kind === "float") return bytesOfFloat(type, Number(raw));
  if (typeof raw === "number" && !Number.isFinite(raw)) return { problem: `${value} is no number` };
  const whole = typeof raw === "bigint" ? raw : Math.round(raw);
  // Dust of the division is none of what was asked for.
  if (
    typeof raw === "number" &&
    Math.abs(raw - Math.round(raw)) > 1e-6 * Math.max(1, Math.abs(raw))
  )
    return { problem: `${value} is between two values that a ${type.text} can hold` };
  if (type.kind === "bcd" || type.kind === "mod10k")
    return bytesOfDigits(type, BigInt(whole), value);
  return type.kind === "size"
    ? bytesOfSize(type, BigInt(whole), value)
    : bytesOfWhole(type, BigInt(whole), value);
}

function bytesOfFloat({ count, text }: RegisterType, value: number): Uint8Array | Problem {
  const held = count === 2 ? Math.fround(value) : value;
  if (!Number.isFinite(held)) return { problem: `${value} is beyond what a ${text} can hold` };
  const view = new DataView(new ArrayBuffer(count * 2));
  if (count === 2) view.setFloat32(0, held);
  else view.setFloat64(0, held);
  return new Uint8Array(view.buffer);
}

function bytesOfWhole(
  { count, kind, text }: RegisterType,
  whole: bigint,
  value: number | bigint | boolean,
): Uint8Array | Problem {
  const size = count * 16;
  const held = kind === "signed" ? BigInt.asIntN(size, whole) : BigInt.asUintN(size, whole);
  if (held !== whole) return { problem: `${value} is beyond what a ${text} can hold` };
  return hexBytes(BigInt.asUintN(size, whole).toString(16), count);
}

/** The highest bit is the sign of the others. */
function bytesOfSize(
  { count, text }: RegisterType,
  whole: bigint,
  value: number | bigint | boolean,
): Uint8Array | Problem {
  const sign = 1n << BigInt(count * 16 - 1);
  const size = whole < 0n ? -whole : whole;
  if (size >= sign) return { problem: `${value} is beyond what a ${text} can hold` };
  return hexBytes((whole < 0n ? sign + size : size).toString(16), count);
}

function bytesOfDigits(
  { count, kind, text }: RegisterType,
  whole: bigint,
  value: number | bigint | boolean,
): Uint8Array | Problem {
  const digits = String(whole);
  if (whole < 0n || digits.length > count * 4)
    return { problem: `${value} is beyond what a ${text} can hold` };
  if (kind === "bcd") return hexBytes(digits, count);
  const four = digits.padStart(count * 4, "0").match(/.{4}/g) ?? [];
  return hexBytes(four.map((one) => Number(one).toString(16).padStart(4, "0")).join(""), count);
}

function hexBytes(digits: string, count: number): Uint8Array {
  return Buffer.from(digits.padStart(count * 4, "0"), "hex");
}
