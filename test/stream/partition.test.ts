import { expect, test } from "vitest";
import { toSiteId } from "../../src/core/ids.ts";
import { partitionOf } from "../../src/core/subject.ts";
import { escapeToken } from "../../src/core/token.ts";
import { connectionOf, testBackbone } from "../support/backbone.ts";
import { natsServer } from "../support/nats-server.ts";

test("the partition of a site is the one that a mapping of the server gives, for 10,000 of them", async () => {
  const mapping = `mappings { "in.*": "out.{{partition(64,1)}}.{{wildcard(1)}}" }`;
  const { url } = await natsServer({ configuration: mapping });
  const connection = await connectionOf(testBackbone(url));
  const sites = Array.from({ length: 10_000 }, (_, n) =>
    toSiteId(n % 3 === 0 ? `plant.${n} ${n * 7}` : `site-${n.toString(36)}`),
  );
  const received = connection.subscribe("out.>", { max: sites.length });
  for (const site of sites) connection.publish(`in.${escapeToken(site)}`);
  const theirs: string[] = [];
  for await (const { subject } of received) theirs.push(subject);
  const ours = sites.map((site) => `out.${partitionOf(site)}.${escapeToken(site)}`);
  expect(theirs).toEqual(ours);
  expect(new Set(theirs.map((subject) => subject.split(".")[1])).size).toBe(64);
});
