/** The line above every screen: how all is, in one look. */
import type { StatusRow } from "../../api/shapes/status.ts";
import { Icon } from "../parts/icon.tsx";
import { linkWords } from "../parts/link-words.ts";
import { countText, rateText } from "../parts/number-text.ts";
import { Pill, SeverityPill } from "../parts/pill.tsx";
import { useTopic } from "../state/live.ts";
import { me } from "../state/session.ts";
import { SearchBox } from "./search-box.tsx";
import { UserMenu } from "./user-menu.tsx";

export function StatusBar() {
  const status = useTopic<StatusRow>("status").rows.get("here");
  return (
    <header class="status-bar">
      <a class="brand" href="/" aria-label={`Sluicegate, ${placeName()}: overview`}>
        <svg viewBox="0 0 32 32" aria-hidden="true">
          <path d="M8 7v18M24 7v18" />
          <path class="brand-gate" d="M12.5 9h7v9.5h-7z" />
          <path class="brand-water" d="M12 23.5q2-2 4 0t4 0" />
        </svg>
        <span>{placeName()}</span>
      </a>
      <section class="status-facts" aria-label="How all is">
        {status && <Facts status={status} />}
      </section>
      <SearchBox />
      <UserMenu />
    </header>
  );
}

function placeName(): string {
  const { gateway, site } = me.value ?? {};
  return [site, gateway].filter(Boolean).join(" / ");
}

function Facts({ status }: { readonly status: StatusRow }) {
  const { alerts, gateway, hub } = status;
  return (
    <>
      {gateway && (
        <>
          <a class="status-link" href="/" data-link={gateway.link.word}>
            <LinkPill status={gateway.link} />
          </a>
          <span class="status-extra" title="Events on disk that the backbone has not acknowledged">
            <span class="soft">Buffer</span> <strong>{countText(gateway.buffer.events)}</strong>
          </span>
          <span class="status-extra" title="Events that came in, mean of the last seconds">
            <strong>{rateText(gateway.flow.inPerS)}</strong> <span class="soft">ev/s</span>
          </span>
        </>
      )}
      {!gateway && hub && (
        <a class="status-link" href="/" data-link={hub.connected ? "linked" : "away"}>
          <HubPill hub={hub} />
        </a>
      )}
      {(["critical", "warning"] as const).map(
        (severity) =>
          alerts[severity] > 0 && (
            <a key={severity} class="status-alerts" href="/alerts">
              <strong>{alerts[severity]}</strong> <SeverityPill severity={severity} isPlain />
            </a>
          ),
      )}
      {alerts.critical + alerts.warning === 0 && (
        <span class="status-extra soft">
          <Icon name="ok" /> No alerts
        </span>
      )}
    </>
  );
}

/** A hub has no link of its own: its gateways have. */
function HubPill({ hub }: { readonly hub: NonNullable<StatusRow["hub"]> }) {
  const { connected, gateways, gatewaysAway, reason } = hub;
  const of = `${gateways} ${gateways === 1 ? "gateway" : "gateways"}`;
  if (!connected)
    return <Pill word="Backbone away" icon="blocked" tone="critical" title={reason ?? ""} />;
  return gatewaysAway > 0 ? (
    <Pill word={`${gatewaysAway} of ${of} away`} icon="blocked" tone="warning" />
  ) : (
    <Pill word={of} icon="linked" isPlain />
  );
}

function LinkPill({ status }: { readonly status: { readonly word: keyof typeof linkWords } }) {
  const { icon, tone, word } = linkWords[status.word];
  return <Pill word={word} icon={icon} tone={tone} isPlain={tone === "normal"} />;
}
