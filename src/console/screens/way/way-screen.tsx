/** The whole way of one event: where it was when, and how long it was there. */
import { useEffect } from "preact/hooks";
import type { Way } from "../../../api/shapes/way.ts";
import { CopyButton } from "../../parts/copy-button.tsx";
import { EmptyPanel, ErrorPanel, LoadingPanel } from "../../parts/panels.tsx";
import { useAnswer } from "../../state/use-answer.ts";
import { WayHops } from "./way-hops.tsx";
import { WayJson } from "./way-json.tsx";
import { waySummary } from "./way-summary.ts";
import "./way.css";

/** While it is on its way, it is asked again. */
const againMs = 2_000;

export default function WayScreen({ named }: { readonly named: Readonly<Record<string, string>> }) {
  const id = named["id"] ?? "";
  const { again, problem, value } = useAnswer<Way>(`/events/${encodeURIComponent(id)}/way`);
  const isOnItsWay = value?.hops.some(({ state }) => state === "ahead") ?? false;
  useEffect(() => {
    if (!isOnItsWay) return;
    const timer = setTimeout(again, againMs);
    return () => clearTimeout(timer);
  }, [value, isOnItsWay]);
  return (
    <>
      <div class="screen-head">
        <h1>Way of an event</h1>
        <span class="way-id">
          <code>{id}</code>
          <CopyButton text={id} what="the id" />
        </span>
        <div class="actions">
          <a class="button" href="/flow">
            Flow
          </a>
        </div>
      </div>
      {problem && problem.status === 404 && !value ? (
        <EmptyPanel title="No event with this id is known here." icon="search">
          <p>
            It may be older than what is kept, or not have left its gateway yet. Ids stand in the
            events of a device, and in what flows live.
          </p>
          <a href="/live">Look at what flows live</a>
        </EmptyPanel>
      ) : (
        problem && <ErrorPanel problem={problem} again={again} />
      )}
      {!value && !problem && <LoadingPanel what="Looking for it" />}
      {value && <Found way={value} />}
    </>
  );
}

function Found({ way }: { readonly way: Way }) {
  const { data, device, deviceKey, gateway, hops, kind, notes, site, trace } = way;
  const facts: readonly (readonly [string, string | null, (string | undefined)?])[] = [
    ["Kind", kind],
    [
      "Device",
      device,
      deviceKey === null ? undefined : `/devices/${encodeURIComponent(deviceKey)}`,
    ],
    ["Gateway", gateway],
    ["Site", site],
    ["Trace", trace],
  ];
  return (
    <>
      <dl class="way-facts">
        {facts.map(([name, value, href]) =>
          value === null ? null : (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{href === undefined ? value : <a href={href}>{value}</a>}</dd>
            </div>
          ),
        )}
      </dl>
      <p class="way-summary">{waySummary(hops)}</p>
      <WayHops hops={hops} />
      {notes.length > 0 && (
        <ul class="way-notes">
          {notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      )}
      <WayJson data={data} />
    </>
  );
}
