/**
 * Names inside NATS subjects, stream names and keys.
 *
 * `A-Z a-z 0-9 _ -` stand for themselves, every other UTF-8 byte is written `=HH`. The bare token
 * `=` is never the escape of a name; it stands for the gateway itself.
 */

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true });
const plain = /^[A-Za-z0-9_-]+$/;

/** How each byte is written. */
const pieces = Array.from({ length: 256 }, (_, byte) => {
  const character = String.fromCharCode(byte);
  return plain.test(character) ? character : `=${byte.toString(16).toUpperCase().padStart(2, "0")}`;
});

/** Escapes a name to one token; a name made of plain characters comes back unchanged. */
export function escapeToken(name: string): string {
  if (plain.test(name)) return name;
  // A text put together piece by piece stays in pieces, which take many times its size while it is kept.
  return Array.from(encoder.encode(name), (byte) => pieces[byte]).join("");
}

/** The name behind a token; undefined when the text is not an escape that `escapeToken` makes. */
export function unescapeToken(token: string): string | undefined {
  if (plain.test(token)) return token;
  if (!/^(?:[A-Za-z0-9_-]|=[0-9A-F]{2})+$/.test(token)) return undefined;
  const bytes: number[] = [];
  for (let at = 0; at < token.length; at += 1) {
    if (token[at] === "=") {
      bytes.push(Number.parseInt(token.slice(at + 1, at + 3), 16));
      at += 2;
    } else {
      bytes.push(token.charCodeAt(at));
    }
  }
  try {
    const name = decoder.decode(Uint8Array.from(bytes));
    return escapeToken(name) === token ? name : undefined;
  } catch {
    return undefined;
  }
}
