/** A system without devices: what to do next. */
import type { GatewayNow } from "../../../api/shapes/status.ts";
import { Command } from "../../parts/copy-button.tsx";
import { EmptyPanel } from "../../parts/panels.tsx";

export function NothingYet({ sources }: { readonly sources: GatewayNow["sources"] }) {
  const mqtt = sources.find(({ name }) => name.startsWith("mqtt "))?.address;
  const url = mqtt === undefined || mqtt.endsWith(":1883") ? "" : ` --url mqtt://${mqtt}`;
  return (
    <div class="card">
      <EmptyPanel title="No device has said anything yet." icon="devices">
        <p class="soft">
          Start simulated devices, or have a real one publish
          {mqtt === undefined ? "" : ` to MQTT at ${mqtt}`}:
        </p>
        <Command text={`sluicegate sim${url}`} />
        <p class="soft">
          A device that no profile knows is listed at{" "}
          <a href="/devices/unread">what nobody reads</a>, with a profile made from its messages.
          Profiles that come along are listed by:
        </p>
        <Command text="sluicegate profile ls" />
      </EmptyPanel>
    </div>
  );
}
