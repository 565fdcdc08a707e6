/** Spans that wait to be sent, within bounds of bytes: what finds no room is not kept. */
import type { Span } from "../core/span.ts";

const mostBytes = 4 * 1_048_576;
/** Of one span, about. */
const usualBytes = 1_024;
/** Of one request. */
const mostSpans = 512;
const mostRequestBytes = 512 * 1_024;

interface Waiting {
  readonly role: Span["role"];
  readonly text: string;
}

export class SpanQueue {
  #waiting: Waiting[] = [];
  #from = 0;
  #bytes = 0;

  get bytes(): number {
    return this.#bytes;
  }

  get spans(): number {
    return this.#waiting.length - this.#from;
  }

  /** False where not even a short one would be kept. */
  get hasRoom(): boolean {
    return this.#bytes + usualBytes <= mostBytes;
  }

  /** More of them fill a request than one. */
  get isFull(): boolean {
    return this.spans >= mostSpans || this.#bytes >= mostRequestBytes;
  }

  /** False where there is no room. */
  add(role: Span["role"], text: string): boolean {
    // Texts are short, and two bytes a character is the most that a string of ours takes.
    const bytes = 2 * text.length;
    if (this.#bytes + bytes > mostBytes) return false;
    this.#waiting.push({ role, text });
    this.#bytes += bytes;
    return true;
  }

  /** Takes what one request has, by role, the oldest first. */
  take(): ReadonlyMap<Span["role"], readonly string[]> {
    const taken = new Map<Span["role"], string[]>();
    let bytes = 0;
    for (let count = 0; count < mostSpans; count += 1) {
      const next = this.#waiting[this.#from];
      if (next === undefined || (count > 0 && bytes >= mostRequestBytes)) break;
      this.#from += 1;
      bytes += 2 * next.text.length;
      const texts = taken.get(next.role) ?? [];
      taken.set(next.role, texts);
      texts.push(next.text);
    }
    this.#bytes -= bytes;
    if (this.#from > 1_024 || this.#from === this.#waiting.length) {
      this.#waiting = this.#waiting.slice(this.#from);
      this.#from = 0;
    }
    return taken;
  }
}
