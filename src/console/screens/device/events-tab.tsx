/** The last events of a device: what came, and beside it how it was read. */
import { useRef } from "preact/hooks";
import type { DeviceEvent, DeviceRow } from "../../../api/shapes/device.ts";
import { Icon } from "../../parts/icon.tsx";
import { Moment } from "../../parts/moment.tsx";
import { countText } from "../../parts/number-text.ts";
import { EmptyPanel, ErrorPanel, LoadingPanel } from "../../parts/panels.tsx";
import { Pill } from "../../parts/pill.tsx";
import { preciseText, spanText } from "../../parts/time-text.ts";
import { useAnswer } from "../../state/use-answer.ts";
import { shortText, wholeText } from "./event-text.ts";
import { devicePath } from "./use-device.ts";

interface DeviceEvents {
  readonly events: readonly DeviceEvent[];
  readonly more: boolean;
}

export function EventsTab({ row }: { readonly row: DeviceRow }) {
  const { again, isAsking, problem, value } = useAnswer<DeviceEvents>(
    `${devicePath(row.key)}/events`,
    { limit: 100 },
  );
  const countThen = useRef(row.events);
  const newer = Math.max(0, row.events - countThen.current);
  const showNewer = (): void => {
    countThen.current = row.events;
    again();
  };
  if (!value)
    return problem ? (
      <ErrorPanel problem={problem} again={again} />
    ) : (
      <LoadingPanel what="Loading events" />
    );
  return (
    <section class="device-events" aria-label="Events">
      <div class="device-events-head">
        <p class="soft">
          {value.events.length === 0 ? "" : `The last ${value.events.length}, the latest first`}
        </p>
        {newer > 0 && (
          <button type="button" class="button button-small" disabled={isAsking} onClick={showNewer}>
            ↑ {countText(newer)} newer
          </button>
        )}
      </div>
      {problem && <ErrorPanel problem={problem} again={again} />}
      {value.events.length === 0 && (
        <EmptyPanel title="No event of it is stored here.">
          <p>What comes in next is shown here.</p>
        </EmptyPanel>
      )}
      <ol>
        {value.events.map((event, index) => (
          <li key={event.id}>
            <OneEvent event={event} isOpen={index === 0} />
          </li>
        ))}
      </ol>
    </section>
  );
}

function OneEvent({ event, isOpen }: { readonly event: DeviceEvent; readonly isOpen: boolean }) {
  const { data, id, kind, late, raw, receivedMs, timeMs } = event;
  return (
    <details open={isOpen}>
      <summary>
        <Icon name="right" />
        <span class="number">{preciseText(timeMs)}</span> <strong>{kind}</strong>{" "}
        {late && <Pill word="late" icon="info" tone="info" isPlain />}
        <span class="device-event-short">{shortText(data)}</span>
      </summary>
      <p class="soft">
        Measured <Moment atMs={timeMs} show="both" />, received{" "}
        <Moment atMs={receivedMs} show="both" /> ({spanText(receivedMs - timeMs)}{" "}
        {receivedMs < timeMs ? "before" : "later"}).{" "}
        <a href={`/events/${encodeURIComponent(id)}`}>The way of this event</a>
      </p>
      <div class="device-event-sides">
        {raw && (
          <figure>
            <figcaption>As it came on {raw.topic}</figcaption>
            <pre>{raw.text}</pre>
          </figure>
        )}
        <figure>
          <figcaption>As it was read</figcaption>
          <pre>{wholeText(data)}</pre>
        </figure>
      </div>
    </details>
  );
}
