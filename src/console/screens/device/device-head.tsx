/** What stands above all parts of a device: who it is, and how it is. */
import type { ComponentChildren } from "preact";
import type { DevicePage } from "../../../api/shapes/device.ts";
import { DeviceStatePill, deviceSayings } from "../../parts/device-state-pill.tsx";
import { Moment } from "../../parts/moment.tsx";
import { countText } from "../../parts/number-text.ts";
import { spanText } from "../../parts/time-text.ts";

export function DeviceHead({ page }: { readonly page: DevicePage }) {
  const { cause, row } = page;
  return (
    <>
      <div class="screen-head">
        <a class="device-back" href="/devices">
          Devices
        </a>
        <h1 class="device-name">
          <bdi>{row.device}</bdi>
        </h1>
        <DeviceStatePill state={row.state} />
        {row.state !== "ok" && <span class="soft">{deviceSayings[row.state].means}</span>}
      </div>
      <dl class="device-facts">
        <Fact name="Profile">{row.profile}</Fact>
        <Fact name="Site and gateway">
          <bdi>{row.site}</bdi> / <bdi>{row.gateway}</bdi>
        </Fact>
        <Fact name="Link">{row.link && (cause ? `${row.link} (${cause})` : row.link)}</Fact>
        <Fact name="Last seen">{row.lastMs !== null && <Moment atMs={row.lastMs} />}</Fact>
        <Fact name="Last change">{row.changedMs !== null && <Moment atMs={row.changedMs} />}</Fact>
        <Fact name="First seen">{page.firstMs !== null && <Moment atMs={page.firstMs} />}</Fact>
        <Fact name="Reports every">
          {row.everyMs === null ? "not known yet" : spanText(row.everyMs)}
          {row.intervalMs !== null && ` (expected ${spanText(row.intervalMs)})`}
        </Fact>
        <Fact name="Events">
          {countText(row.events)}
          {row.repeats > 0 && `, ${countText(row.repeats)} repeats`}
        </Fact>
        <Fact name="Dead letters">
          {row.rejected > 0 ? <a href="/dead-letters">{countText(row.rejected)}</a> : "none"}
        </Fact>
      </dl>
    </>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ComponentChildren }) {
  const parts = [children].flat().filter((part) => part !== null && part !== false && part !== "");
  if (parts.length === 0) return null;
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
