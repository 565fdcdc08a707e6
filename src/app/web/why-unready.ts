import type { WebSurroundings } from "./web-part.ts";

/**
 * Why this process does not do its work now, in words; undefined where it does. A gateway works without a
 * backbone: only what it cannot take from its devices makes it unready.
 */
export function whyUnready({ gateway, hubStatus }: WebSurroundings): string | undefined {
  const held = gateway?.status().sources.filter(({ holding }) => holding) ?? [];
  if (held.length > 0)
    return `the buffer takes nothing from ${held.map(({ name }) => name).join(", ")}`;
  const hub = hubStatus?.().hub;
  return hub?.connected === false ? `the backbone is away: ${hub.reason ?? "no word"}` : undefined;
}
