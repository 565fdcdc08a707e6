/** An archive of small texts, as every tar reads it (POSIX ustar), compressed. */
import { gzipSync } from "node:zlib";

export interface TarEntry {
  /** At most 100 bytes. */
  readonly name: string;
  readonly text: string;
}

const block = 512;

/** `mtimeMs`: when all of them were made. */
export function tarGz(entries: readonly TarEntry[], mtimeMs: number): Buffer {
  const parts = entries.flatMap(({ name, text }) => {
    const body = Buffer.from(text);
    const padding = Buffer.alloc((block - (body.length % block)) % block);
    return [header(name, body.length, mtimeMs), body, padding];
  });
  return gzipSync(Buffer.concat([...parts, Buffer.alloc(2 * block)]));
}

function header(name: string, bytes: number, mtimeMs: number): Buffer {
  const head = Buffer.alloc(block);
  const octal = (value: number, width: number): string => value.toString(8).padStart(width, "0");
  head.write(name, 0, 100, "utf8");
  head.write(`${octal(0o600, 7)}\0${octal(0, 7)}\0${octal(0, 7)}\0`, 100, "latin1");
  head.write(`${octal(bytes, 11)}\0${octal(Math.floor(mtimeMs / 1_000), 11)}\0`, 124, "latin1");
  head.write("        0", 148, "latin1");
  head.write("ustar\x0000", 257, "latin1");
  const sum = head.reduce((total, byte) => total + byte, 0);
  head.write(`${octal(sum, 6)}\0 `, 148, "latin1");
  return head;
}
