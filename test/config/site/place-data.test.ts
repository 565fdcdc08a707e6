import { describe, expect, it } from "vitest";
import { loadSite } from "../../../src/config/site/load-site.ts";
import { memorySite } from "../../support/memory-site.ts";

async function dataOf(path: string, text: string): Promise<string | undefined> {
  const result = await loadSite(path, memorySite({ [path]: text }));
  return result.ok ? result.site.config.gateway.data : undefined;
}

describe("the data folder", () => {
  it("lies beside the configuration by default", async () => {
    expect(await dataOf("/srv/site/sluicegate.yaml", "gateway: { id: gw1 }")).toBe("data");
    expect(await dataOf("/srv/etc/sluicegate.yaml", "gateway: { id: gw1 }")).toBe("data");
  });

  it("is the system's for a configuration below /etc, unless it is written there", async () => {
    expect(await dataOf("/etc/sluicegate/sluicegate.yaml", "gateway: { id: gw1 }")).toBe(
      "/var/lib/sluicegate",
    );
    expect(await dataOf("/etc/s.yaml", "gateway: { id: gw1, data: /mnt/card }")).toBe("/mnt/card");
  });
});
