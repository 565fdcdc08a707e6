import { promisify } from "node:util";
import { brotliCompress, gzip } from "node:zlib";

/** What is smaller is not worth it, and pictures and fonts are packed already. */
const leastBytes = 1_024;
const packable = /^(?:text\/|application\/|image\/svg)/;

const packers = { br: promisify(brotliCompress), gzip: promisify(gzip) } as const;
type Encoding = keyof typeof packers;

/** A file of the page, as it is and packed. */
export class PackedFile {
  /** Its media type. */
  readonly type: string;
  readonly #bytes: Buffer;
  readonly #packed = new Map<Encoding, Promise<Buffer>>();

  constructor(bytes: Buffer, type: string) {
    this.#bytes = bytes;
    this.type = type;
  }

  /** As a browser takes it that says this in `Accept-Encoding`. */
  async as(accepted = ""): Promise<{ readonly body: Buffer; readonly encoding?: Encoding }> {
    const encoding = (["br", "gzip"] as const).find((one) => takes(accepted, one));
    if (!encoding || this.#bytes.length < leastBytes || !packable.test(this.type))
      return { body: this.#bytes };
    const packed = this.#packed.get(encoding) ?? packers[encoding](this.#bytes);
    this.#packed.set(encoding, packed);
    return { body: await packed, encoding };
  }
}

function takes(accepted: string, encoding: Encoding): boolean {
  return accepted.split(",").some((part) => {
    const [name = "", ...parameters] = part.split(";").map((one) => one.trim());
    return name === encoding && !parameters.some((one) => /^q=0(?:\.0*)?$/.test(one));
  });
}
