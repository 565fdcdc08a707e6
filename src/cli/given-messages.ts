/** Messages that a person gives to a command: typed, in a file, or caught from a running gateway. */
import { readFileSync } from "node:fs";
import { GatewayError } from "../core/errors.ts";
import type { Sample } from "../normalize/suggest/sample.ts";
import { readTap } from "../telemetry/status-client.ts";
import { socketOf } from "./site.ts";

export interface GivenOptions {
  readonly config: string;
  readonly socket?: string;
  readonly payload?: string;
  readonly hex?: string;
  readonly file?: string;
  readonly live?: string;
  readonly limit: string;
}

/** At least one; throws `usage` where none is given. Those of a file and of `payload` have `topic`. */
export async function givenMessages(options: GivenOptions, topic: string): Promise<Sample[]> {
  const { file, hex, live, payload } = options;
  if (payload !== undefined) return [{ topic, payload: Buffer.from(payload) }];
  if (hex !== undefined) {
    const digits = hex.replace(/[\s:]|^0x/g, "");
    if (!/^([0-9a-fA-F]{2})+$/.test(digits))
      throw new GatewayError("usage", "--hex takes pairs of hexadecimal digits");
    return [{ topic, payload: Buffer.from(digits, "hex") }];
  }
  if (file !== undefined) {
    const lines = readFileSync(file === "-" ? 0 : file, "utf8").split(/\r?\n/);
    const samples = lines.filter((line) => line.trim() !== "");
    if (samples.length > 0) return samples.map((line) => ({ topic, payload: Buffer.from(line) }));
    throw new GatewayError("usage", `there is no message in ${file}`);
  }
  if (live !== undefined) return caught(live, options);
  throw new GatewayError("usage", "give a message: --payload, --hex, --file or --live");
}

async function caught(filter: string, options: GivenOptions): Promise<Sample[]> {
  const limit = Number(options.limit);
  if (!Number.isSafeInteger(limit) || limit < 1)
    throw new GatewayError("usage", "--limit takes a whole number from 1");
  const samples: Sample[] = [];
  const told = (): void =>
    void process.stderr.write(`waiting for ${limit} messages of ${filter}; Ctrl-C ends it\n`);
  const tap = { stage: "received", topic: filter, limit } as const;
  for await (const line of readTap(await socketOf(options), tap, undefined, told)) {
    if (line.kind !== "event") continue;
    const { payload, topic } = line.facts as Readonly<Record<string, unknown>>;
    if (typeof payload === "string" && typeof topic === "string")
      samples.push({ topic, payload: Buffer.from(payload) });
  }
  return samples;
}
