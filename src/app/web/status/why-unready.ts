/** What is looked at. */
export interface Readiness {
  readonly gateway:
    | {
        status(): {
          readonly sources: readonly { readonly name: string; readonly holding: boolean }[];
        };
      }
    | undefined;
  readonly hubStatus:
    | (() => {
        readonly hub?: { readonly connected: boolean; readonly reason: string | null } | null;
      })
    | undefined;
}

/**
 * Why this process does not do its work now, in words; undefined where it does. A gateway works without a
 * backbone: only what it cannot take from its devices makes it unready.
 */
export function whyUnready({ gateway, hubStatus }: Readiness): string | undefined {
  const held = gateway?.status().sources.filter(({ holding }) => holding) ?? [];
  if (held.length > 0)
    return `the buffer takes nothing from ${held.map(({ name }) => name).join(", ")}`;
  const hub = hubStatus?.().hub;
  return hub?.connected === false ? `the backbone is away: ${hub.reason ?? "no word"}` : undefined;
}
