/** How the gateway listens to each family of simulated devices that speak by themselves. */

const telegram = (start: string | undefined, end: object | string, tail?: number): object => ({
  framing: {
    kind: "telegram",
    ...(start !== undefined && { start }),
    end,
    ...(tail !== undefined && { tail }),
  },
});

const listening: Readonly<Record<string, object>> = {
  dsmr: telegram("/", "\r\n!"),
  sml: { framing: "sml" },
  d0: telegram("/", { hex: "03" }, 1),
  "ve-direct": telegram(undefined, "Checksum\t", 1),
  pms5003: {
    framing: { kind: "header-checksum", start: { hex: "424d" }, length: 32 },
    checksum: { kind: "sum", size: 2 },
  },
  sds011: {
    framing: {
      kind: "header-checksum",
      start: { hex: "aac0" },
      length: 10,
      end: { hex: "ab" },
    },
    checksum: { kind: "sum", from: 2, behind: 1 },
  },
};

/** The entry of `sources` for a device of the family at a line; its id is the name of the family. */
export function lineSource(family: string, path: string): object {
  const how = listening[family] ?? { framing: "lines" };
  return { kind: "serial", name: family, path, device: family, ...how };
}
