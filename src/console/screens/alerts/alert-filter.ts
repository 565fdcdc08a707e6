/** Which alerts a filter lets through: each word of it stands somewhere in what is shown of them. */
import type { AlertRow } from "../../../api/shapes/alert.ts";

export function alertFilter(text: string): (row: AlertRow) => boolean {
  const words = text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "");
  if (words.length === 0) return () => true;
  return (row) => {
    const { device, gateway, labels, rule, severity, site, summary } = row;
    const own = [rule, severity, site, gateway, device, summary, ...Object.values(labels)];
    const all = own.join("\n").toLowerCase();
    return words.every((word) => all.includes(word));
  };
}
