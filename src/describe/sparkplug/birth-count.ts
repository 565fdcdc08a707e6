/** `bdSeq`, by which a death tells of which birth it is. */
import type { Payload } from "../../normalize/codecs/sparkplug/payload.ts";
import type { BirthTable } from "./birth-table.ts";

const name = "bdSeq";
const numbers = 256;

/** Undefined where the payload has none; some encoders name it by its alias. */
export function birthCountOf(
  { metrics }: Payload,
  table: BirthTable | undefined,
): number | undefined {
  for (const { alias, name: said, value } of metrics) {
    const isIt =
      said === undefined
        ? alias !== undefined && table?.aliases.get(alias) === name
        : said === name;
    if (isIt && (value?.kind === "int" || value?.kind === "long")) return Number(value.value);
  }
  return undefined;
}

/** True for the death of an earlier birth than this one: the will of a connection that was replaced. */
export function isOlderDeath(death: number | undefined, birth: number | undefined): boolean {
  if (death === undefined || birth === undefined || death === birth) return false;
  if (death >= numbers || birth >= numbers) return death < birth;
  return (birth - death + numbers) % numbers < numbers / 2;
}
