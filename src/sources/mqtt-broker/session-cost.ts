/** What a session costs above its text, and what a filter costs with it. */
export const sessionCostBytes = 1_024;
const levelCostBytes = 128;

export function filterBytes(filter: string): number {
  let levels = 1;
  for (let at = filter.indexOf("/"); at >= 0; at = filter.indexOf("/", at + 1)) levels += 1;
  return filter.length + levels * levelCostBytes;
}
