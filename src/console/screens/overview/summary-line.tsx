/** The rest of how it is, in a line. */
import type { StatusRow } from "../../../api/shapes/status.ts";
import { countText } from "../../parts/number-text.ts";
import { spanText } from "../../parts/time-text.ts";

const stateWords: Readonly<Record<string, string>> = {
  ok: "ok",
  silent: "silent",
  never: "never seen",
  "clock-suspect": "with a wrong clock",
  "bad-quality": "with bad quality",
};

export function SummaryLine({ status }: { readonly status: StatusRow }) {
  const { commands, devices, historian, hub } = status;
  const states = Object.entries(devices).filter(([state, count]) => count > 0 || state === "ok");
  const words = states.map(([state, count]) => `${countText(count)} ${stateWords[state] ?? state}`);
  const behind =
    historian?.behindMs === null
      ? "does not say how far"
      : `${spanText(historian?.behindMs ?? 0)} behind`;
  return (
    <dl class="overview-summary">
      <div>
        <dt>Devices</dt>
        <dd>
          <a href="/devices">{words.length === 0 ? "none" : words.join(" · ")}</a>
        </dd>
      </div>
      {hub && (
        <div>
          <dt>Gateways</dt>
          <dd>
            {countText(hub.gateways)}
            {hub.gatewaysAway > 0 && ` · ${countText(hub.gatewaysAway)} away`}
          </dd>
        </div>
      )}
      <div>
        <dt>Historian</dt>
        <dd>{historian ? behind : "none"}</dd>
      </div>
      <div>
        <dt>Commands</dt>
        <dd>
          {countText(commands.waiting)} waiting · {countText(commands.open)} open
        </dd>
      </div>
    </dl>
  );
}
