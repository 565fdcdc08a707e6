import { once } from "node:events";
import { type FileHandle, open } from "node:fs/promises";
import { GatewayError } from "../core/errors.ts";
import { systemCode, systemReason } from "../core/system-reason.ts";

/** Text that waits for the disk until it is so long. */
const pieceCharacters = 262_144;

/** Where a recording is written: whole lines only, whatever ends it short of a power cut. */
export interface RecordingSink {
  write(line: string): Promise<void>;
  /** Hands over what waits. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

/** A new file; nothing that is there is written over. `-` is standard output. */
export async function openRecording(path: string): Promise<RecordingSink> {
  if (path === "-") return new Output();
  try {
    return new RecordingFile(path, await open(path, "wx"));
  } catch (thrown) {
    const why = systemCode(thrown) === "EEXIST" ? "it is there already" : systemReason(thrown);
    throw new GatewayError("output.unwritable", `cannot write ${path}: ${why}`, { cause: thrown });
  }
}

class RecordingFile implements RecordingSink {
  readonly #path: string;
  readonly #file: FileHandle;
  #waiting = "";
  /** The end of the last whole line. */
  #bytes = 0;

  constructor(path: string, file: FileHandle) {
    this.#path = path;
    this.#file = file;
  }

  async write(line: string): Promise<void> {
    this.#waiting += `${line}\n`;
    if (this.#waiting.length >= pieceCharacters) await this.flush();
  }

  async flush(): Promise<void> {
    const piece = Buffer.from(this.#waiting);
    this.#waiting = "";
    try {
      await writeAll(this.#file, piece, this.#bytes);
      this.#bytes += piece.length;
    } catch (thrown) {
      await this.#file.truncate(this.#bytes).catch(() => {});
      throw new GatewayError(
        "output.unwritable",
        `cannot write ${this.#path}: ${systemReason(thrown)}; it ends with the last whole line before`,
        { cause: thrown },
      );
    }
  }

  async close(): Promise<void> {
    await this.#file.close();
  }
}

async function writeAll(file: FileHandle, bytes: Buffer, from: number): Promise<void> {
  for (let at = 0; at < bytes.length; ) {
    const { bytesWritten } = await file.write(bytes, at, bytes.length - at, from + at);
    at += bytesWritten;
  }
}

class Output implements RecordingSink {
  async write(line: string): Promise<void> {
    if (!process.stdout.write(`${line}\n`)) await once(process.stdout, "drain");
  }

  flush(): Promise<void> {
    return Promise.resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
