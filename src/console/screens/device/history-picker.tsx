/** Which metric over which span of time; both stand in the URL. */
import { useId, useRef, useState } from "preact/hooks";
import type { DevicePage } from "../../../api/shapes/device.ts";
import { Field, focusFirstWrong } from "../../parts/field.tsx";
import { Moment } from "../../parts/moment.tsx";
import { serverNowMs } from "../../state/now.ts";
import { hrefWith, setQuery } from "../../state/place.ts";
import {
  between,
  endsOf,
  type HistoryRange,
  lasts,
  lastWords,
  localText,
  momentOf,
  rangeParts,
} from "./history-range.ts";

interface HistoryPickerProps {
  readonly page: DevicePage;
  readonly metric: string;
  readonly range: HistoryRange;
}

export function HistoryPicker({ metric, page, range }: HistoryPickerProps) {
  const [isOpen, setOpen] = useState(false);
  const id = useId();
  const names = page.values.map(({ name }) => name);
  const known = names.includes(metric) ? names : [metric, ...names];
  return (
    <>
      <div class="device-history-picker">
        <div class="field device-history-metric">
          <label for={id}>Metric</label>
          <select
            id={id}
            value={metric}
            onChange={({ currentTarget }) => setQuery({ metric: currentTarget.value })}
          >
            {known.map((name) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </select>
        </div>
        <nav class="device-history-ranges" aria-label="Range">
          {lastWords.map((word) => (
            <a
              key={word}
              class="button button-small"
              href={hrefWith(rangeParts({ kind: "last", word }))}
              aria-current={range.kind === "last" && range.word === word ? "true" : undefined}
            >
              {lasts[word].label}
            </a>
          ))}
          <button
            type="button"
            class="button button-small"
            aria-expanded={isOpen}
            aria-current={range.kind === "between" ? "true" : undefined}
            onClick={() => setOpen(!isOpen)}
          >
            Custom
          </button>
        </nav>
      </div>
      {range.kind === "between" && (
        <p class="soft">
          From <Moment atMs={range.fromMs} show="both" /> to{" "}
          <Moment atMs={range.toMs} show="both" />
        </p>
      )}
      {isOpen && <CustomRange key={JSON.stringify(rangeParts(range))} range={range} />}
    </>
  );
}

function CustomRange({ range }: { readonly range: HistoryRange }) {
  const [ends] = useState(() => endsOf(range, serverNowMs()));
  const [from, setFrom] = useState(localText(ends.fromMs));
  const [to, setTo] = useState(localText(ends.toMs));
  const [problem, setProblem] = useState<string>();
  const form = useRef<HTMLFormElement>(null);
  const show = (event: Event): void => {
    event.preventDefault();
    const read = between(momentOf(from, ends.fromMs), momentOf(to, ends.toMs));
    if ("problem" in read) {
      setProblem(read.problem);
      focusFirstWrong(form.current);
    } else setQuery(rangeParts(read));
  };
  return (
    <form ref={form} class="device-history-custom" noValidate onSubmit={show}>
      <Field label="From" hint={zone} error={problem}>
        {(input) => (
          <input
            {...input}
            type="datetime-local"
            step={1}
            value={from}
            onInput={({ currentTarget }) => setFrom(currentTarget.value)}
          />
        )}
      </Field>
      <Field label="To" hint={zone}>
        {(input) => (
          <input
            {...input}
            type="datetime-local"
            step={1}
            value={to}
            onInput={({ currentTarget }) => setTo(currentTarget.value)}
          />
        )}
      </Field>
      <button type="submit" class="button">
        Show
      </button>
    </form>
  );
}

const zone = `Times of ${new Intl.DateTimeFormat().resolvedOptions().timeZone}`;
