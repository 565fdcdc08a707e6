import { dirname, resolve } from "node:path";
import { GatewayError } from "../../core/errors.ts";
import { systemReason } from "../../core/system-reason.ts";
import { parseWhatFits } from "../../schema/parse-what-fits.ts";
import type { Schema } from "../../schema/schema-faults.ts";
import { decodeText } from "../decode-text.ts";
import { readYaml } from "../read-yaml.ts";
import { placeData } from "./place-data.ts";
import type { SiteFiles } from "./site-files.ts";

/** A configuration, or a part of it, and where it is. */
export interface Place<C> {
  /** Absolute folder of the configuration file: relative paths in it begin here. */
  readonly folder: string;
  readonly config: C;
}

/**
 * Reads the configuration file alone, and as much of it as is right: who asks how a gateway is must
 * hear it also while somebody edits the rules. Throws `config.unreadable` or `config.invalid`.
 */
export async function readPlace<C extends { readonly gateway: { readonly data: string } }>(
  path: string,
  files: SiteFiles,
  schema: Schema<C>,
): Promise<Place<C>> {
  const bytes = await files.readFile(path).catch((thrown: unknown) => {
    throw new GatewayError(
      "config.unreadable",
      `cannot read the configuration ${path}: ${systemReason(thrown)}; ` +
        "name another with --config, or begin one with sluicegate init",
      { cause: thrown },
    );
  });
  const yaml = readYaml(decodeText(bytes).text);
  const written = yaml.ok ? yaml.value : yaml.rest?.value;
  const config = parseWhatFits(schema, written);
  if (config === undefined)
    throw new GatewayError(
      "config.invalid",
      `${path} does not say where its gateway is; sluicegate validate ${path} says why`,
    );
  const folder = resolve(dirname(path));
  return { folder, config: placeData(config, written, folder) };
}
