/** The inside: health, configuration, streams, who processes, who did what, what this is. */
import type { ComponentType } from "preact";
import { currentTab, type Tab, Tabs } from "../../parts/tabs.tsx";
import { may, me } from "../../state/session.ts";
import { AboutTab } from "./about-tab.tsx";
import { AuditTab } from "./audit-tab.tsx";
import { ConfigTab } from "./config-tab.tsx";
import { HealthTab } from "./health-tab.tsx";
import { ProcessorsTab } from "./processors-tab.tsx";
import { StreamsTab } from "./streams-tab.tsx";
import "./system.css";

const health: Tab = { id: "health", word: "Health" };
const config: Tab = { id: "config", word: "Configuration" };
/** What only those know who read the streams. */
const ofHub: readonly Tab[] = [
  { id: "streams", word: "Streams" },
  { id: "processors", word: "Processors" },
];
const audit: Tab = { id: "audit", word: "Audit" };
const about: Tab = { id: "about", word: "About" };

const parts: Readonly<Record<string, ComponentType>> = {
  health: HealthTab,
  config: ConfigTab,
  streams: StreamsTab,
  processors: ProcessorsTab,
  audit: AuditTab,
  about: AboutTab,
};

export default function SystemScreen() {
  const shown: readonly [Tab, ...Tab[]] = [
    health,
    config,
    ...(me.value?.shows === "hub" ? ofHub : []),
    ...(may("admin") ? [audit] : []),
    about,
  ];
  const Part = parts[currentTab(shown)] ?? HealthTab;
  return (
    <>
      <div class="screen-head">
        <h1>System</h1>
      </div>
      <Tabs label="Parts of the system" tabs={shown} />
      <div class="system-part">
        <Part />
      </div>
    </>
  );
}
