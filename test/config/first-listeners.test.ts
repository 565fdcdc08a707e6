import { expect, it } from "vitest";
import { loadSite } from "../../src/config/site/load-site.ts";
import { memorySite } from "../support/memory-site.ts";

it("a configuration that names no address listens on this machine alone, and has no password that others have", async () => {
  const loaded = await loadSite(
    "sluicegate.yaml",
    memorySite({ "sluicegate.yaml": "gateway: { id: gw1 }\n" }),
  );
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.faults));
  const { written } = loaded.site;
  const addresses = Array.from(
    JSON.stringify(written).matchAll(/"listen":"([^"]*)"/g),
    ([, address]) => address,
  );
  for (const address of addresses) expect(address).toMatch(/^(127\.0\.0\.1|\[::1\]):\d+$/);
  const listening = loaded.site.config.sources.flatMap((source) =>
    source.kind === "mqtt-broker" ? [source.listen] : [],
  );
  expect(listening).toHaveLength(1);
  expect(JSON.stringify(listening)).toContain("127.0.0.1");
  expect(loaded.site.config.console.listen).toBeUndefined();
  expect(JSON.stringify(loaded.site.config)).not.toMatch(/"(password|token|secret)":"/);
});
