/** Where a value is, as profiles say it: an address from 0, or a number as old manuals count. */
import type { RegisterTable } from "../../core/poll-plan.ts";

/** The digit in front of the numbers of a table, which count from 1. */
const digits: Readonly<Record<string, RegisterTable>> = {
  "0": "coil",
  "1": "discrete",
  "3": "input",
  "4": "holding",
};

/** The address that a number such as 30001 or 400001 means, or what is wrong with it. */
export function addressOfNumber(
  number: number | string,
  table: RegisterTable,
): number | { readonly problem: string } {
  const text = String(number);
  const [, digit = "", behind = ""] = /^([0134])(\d{4,5})$/.exec(text) ?? [];
  const meant = digits[digit];
  if (meant === undefined)
    return {
      problem: `${text} is not a number of 5 or 6 digits such as 30001 or 400001; write at: for an address from 0`,
    };
  if (meant !== table)
    return { problem: `${text} is in the table ${meant}, and this value is read from ${table}` };
  const address = Number(behind) - 1;
  if (address < 0 || address > 65_535) return { problem: `numbers count from ${digit}0001` };
  return address;
}
