/** How all is, in one look. */
import type { AlertRow } from "../../../api/shapes/alert.ts";
import type { DeviceRow } from "../../../api/shapes/device.ts";
import type { StatusRow } from "../../../api/shapes/status.ts";
import { LoadingPanel } from "../../parts/panels.tsx";
import { useIsNarrow } from "../../parts/use-is-narrow.ts";
import { useTopic } from "../../state/live.ts";
import { attentionItems } from "./attention.ts";
import { AttentionList } from "./attention-list.tsx";
import { BufferCard } from "./buffer-card.tsx";
import { FlowCard } from "./flow-card.tsx";
import { FlowCharts } from "./flow-charts.tsx";
import { HubCard } from "./hub-card.tsx";
import { LinkCard } from "./link-card.tsx";
import { NothingYet } from "./nothing-yet.tsx";
import { SummaryLine } from "./summary-line.tsx";
import "./overview.css";

export default function OverviewScreen() {
  const status = useTopic<StatusRow>("status").rows.get("here");
  const alerts = useTopic<AlertRow>("alerts");
  const devices = useTopic<DeviceRow>("devices");
  const isNarrow = useIsNarrow();
  if (!status)
    return (
      <>
        <h1>Overview</h1>
        <LoadingPanel />
      </>
    );
  const { gateway, hub } = status;
  const isEmpty =
    devices.isLoaded && devices.rows.size === 0 && (gateway?.flow.received ?? 0) === 0;
  const items = attentionItems(status, alerts.rows, devices.rows);
  const attention = <AttentionList items={items} isLoaded={alerts.isLoaded && devices.isLoaded} />;
  // On a phone what is wrong must not stand below what is well.
  const isFirst = isNarrow && items.length > 0;
  return (
    <>
      <div class="screen-head">
        <h1>Overview</h1>
      </div>
      {isFirst && attention}
      <div class="overview-cards">
        {gateway && <LinkCard link={gateway.link} />}
        {gateway && <BufferCard buffer={gateway.buffer} word={gateway.link.word} />}
        {gateway && <FlowCard flow={gateway.flow} />}
        {hub && !isSaidByLink(status) && <HubCard hub={hub} />}
      </div>
      {isEmpty ? (
        <NothingYet sources={gateway?.sources ?? []} />
      ) : (
        <>
          {!isFirst && attention}
          {gateway && <FlowCharts />}
          <SummaryLine status={status} />
        </>
      )}
    </>
  );
}

/** Where both lines are as they should be, or both are not, one of them says it. */
function isSaidByLink({ gateway, hub }: StatusRow): boolean {
  if (!gateway || !hub) return false;
  return hub.connected || !["linked", "draining"].includes(gateway.link.word);
}
