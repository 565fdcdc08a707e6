/** Bytes that were heard as eight bits without parity, and may be seven bits with one. */

/** As many of them are text as makes them text. */
export const textShare = 0.9;

export interface TextForm {
  readonly data_bits: 7 | 8;
  readonly parity: "none" | "even" | "odd";
  /** How many of the bytes are text then, 0 to 1. */
  readonly share: number;
}

/** The form in which they are text; eight bits where they are none in any. */
export function textFormOf(bytes: Uint8Array): TextForm {
  const share = (isRight: (byte: number) => boolean): number =>
    bytes.length === 0 ? 0 : bytes.filter(isRight).length / bytes.length;
  const plain = { data_bits: 8, parity: "none", share: share(isText) } as const;
  const forms = [
    plain,
    { data_bits: 7, parity: "even", share: share((byte) => isText(byte & 0x7f) && !isOdd(byte)) },
    { data_bits: 7, parity: "odd", share: share((byte) => isText(byte & 0x7f) && isOdd(byte)) },
  ] as const;
  return forms.find((form) => form.share > textShare) ?? plain;
}

function isText(byte: number): boolean {
  return (byte >= 0x20 && byte < 0x7f) || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

/** Whether an odd number of its bits is set. */
function isOdd(byte: number): boolean {
  const folded = byte ^ (byte >> 4);
  return ((0x6996 >> (folded & 0xf)) & 1) === 1;
}
