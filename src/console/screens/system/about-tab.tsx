/** What this is, what it is made of, and where programs look. */
import type { AboutPage } from "../../../api/shapes/system.ts";
import { Command } from "../../parts/copy-button.tsx";
import { Moment } from "../../parts/moment.tsx";
import { PlainTable } from "../../parts/plain-table.tsx";
import { useAnswer } from "../../state/use-answer.ts";
import { AskedPart } from "./asked-part.tsx";

export function AboutTab() {
  const asked = useAnswer<AboutPage>("/about");
  return (
    <AskedPart asked={asked} what="itself">
      {({ node, packages, platform, startedMs, version }) => (
        <>
          <dl class="card system-facts">
            <dt>Sluicegate</dt>
            <dd>{version}</dd>
            <dt>Node.js</dt>
            <dd>
              {node} on {platform}
            </dd>
            <dt>Started</dt>
            <dd>
              <Moment atMs={startedMs} show="both" />
            </dd>
            <dt>Metrics</dt>
            <dd>
              <a href="/metrics">/metrics</a>, as Prometheus reads them
            </dd>
            <dt>Interface</dt>
            <dd>
              <a href="/api/v1/openapi.json">/api/v1/openapi.json</a>, as OpenAPI describes it
            </dd>
            <dt>For support</dt>
            <dd>
              <Command text="sluicegate support-bundle" />
            </dd>
          </dl>
          <h2 class="system-title">Packages inside</h2>
          <PlainTable
            label="Packages inside"
            heads={["Package", "Version", "License"]}
            rows={packages}
            keyOf={({ name, version: of }) => `${name} ${of}`}
            cells={(one) => [one.name, one.version, one.license]}
          />
        </>
      )}
    </AskedPart>
  );
}
