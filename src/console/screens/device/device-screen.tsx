/** One device: how it is, what it measures, what it said, and what it can be told. */
import type { DevicePage } from "../../../api/shapes/device.ts";
import { ErrorPanel, LoadingPanel } from "../../parts/panels.tsx";
import { currentTab, type Tab, Tabs } from "../../parts/tabs.tsx";
import { AboutTab } from "./about-tab.tsx";
import { AlertsTab } from "./alerts-tab.tsx";
import { CommandsTab } from "./commands-tab.tsx";
import { DeviceHead } from "./device-head.tsx";
import { EventsTab } from "./events-tab.tsx";
import { HistoryTab } from "./history-tab.tsx";
import { useDevice } from "./use-device.ts";
import { ValuesTab } from "./values-tab.tsx";
import "./device.css";

export default function DeviceScreen({
  named,
}: {
  readonly named: Readonly<Record<string, string>>;
}) {
  const key = named["key"] ?? "";
  const { again, problem, value } = useDevice(key);
  if (value) return <Shown key={key} page={value} />;
  return (
    <>
      <div class="screen-head">
        <h1>{key.split(".").at(-1)}</h1>
      </div>
      {problem ? (
        <ErrorPanel problem={problem} again={again} />
      ) : (
        <LoadingPanel what="Loading the device" />
      )}
      {problem && (
        <p>
          <a href="/devices">All devices</a>
        </p>
      )}
    </>
  );
}

function Shown({ page }: { readonly page: DevicePage }) {
  const { alerts } = page.row;
  const tabs: readonly [Tab, ...Tab[]] = [
    { id: "values", word: "Values", count: page.values.length },
    { id: "history", word: "History" },
    { id: "events", word: "Events" },
    { id: "commands", word: "Commands" },
    { id: "alerts", word: "Alerts", count: alerts.critical + alerts.warning + alerts.info },
    { id: "about", word: "About" },
  ];
  return (
    <>
      <DeviceHead page={page} />
      <Tabs label={`Parts of ${page.row.device}`} tabs={tabs} />
      <Part tab={currentTab(tabs)} page={page} />
    </>
  );
}

function Part({ page, tab }: { readonly page: DevicePage; readonly tab: string }) {
  switch (tab) {
    case "history":
      return <HistoryTab page={page} />;
    case "events":
      return <EventsTab row={page.row} />;
    case "commands":
      return <CommandsTab page={page} />;
    case "alerts":
      return <AlertsTab row={page.row} />;
    case "about":
      return <AboutTab page={page} />;
    default:
      return <ValuesTab page={page} />;
  }
}
