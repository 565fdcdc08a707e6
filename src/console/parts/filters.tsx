/** What a list is narrowed down by; each stands in the URL. On a narrow page they are a sheet. */
import type { ComponentChildren } from "preact";
import { useId, useRef, useState } from "preact/hooks";
import { useKey } from "../state/keys.ts";
import { queryPart, setQuery } from "../state/place.ts";
import { Dialog } from "./dialog.tsx";
import { Icon } from "./icon.tsx";
import { useIsNarrow } from "./use-is-narrow.ts";
import "./field.css";
import "./filters.css";

interface FiltersProps {
  /** Parts of the query that the fields set, to count those that are set and to clear them. */
  readonly names: readonly string[];
  readonly children: ComponentChildren;
}

export function Filters({ names, children }: FiltersProps) {
  const isNarrow = useIsNarrow();
  const [isOpen, setOpen] = useState(false);
  const bar = useRef<HTMLDivElement>(null);
  useKey("f", "Filter", () => {
    if (isNarrow) setOpen(true);
    else bar.current?.querySelector<HTMLElement>("select, input")?.focus();
  });
  const set = names.filter((name) => queryPart(name) !== undefined).length;
  const clear = set > 0 && (
    <button
      type="button"
      class="button button-plain button-small"
      onClick={() => setQuery(Object.fromEntries(names.map((name) => [name, undefined])))}
    >
      Clear filters
    </button>
  );
  if (!isNarrow)
    return (
      <div class="filters" ref={bar}>
        {children}
        {clear}
      </div>
    );
  return (
    <>
      <button type="button" class="button" onClick={() => setOpen(true)}>
        <Icon name="filter" />
        {set === 0 ? "Filter" : `Filter (${set})`}
      </button>
      {isOpen && (
        <Dialog title="Filter" isSheet onClose={() => setOpen(false)}>
          <div class="filters-sheet">
            {children}
            <div class="actions form-end">
              {clear}
              <button type="button" class="button button-main" onClick={() => setOpen(false)}>
                Show
              </button>
            </div>
          </div>
        </Dialog>
      )}
    </>
  );
}

interface SearchFieldProps {
  readonly name?: string;
  readonly label: string;
  readonly placeholder?: string;
}

/** A text to look for; `/` goes there. */
export function SearchField({ name = "filter", label, placeholder }: SearchFieldProps) {
  const field = useRef<HTMLInputElement>(null);
  useKey("/", "Search in this list", () => field.current?.select());
  return (
    <div class="search-field">
      <Icon name="search" />
      <input
        ref={field}
        type="search"
        aria-label={label}
        placeholder={placeholder ?? label}
        value={queryPart(name) ?? ""}
        onInput={({ currentTarget }) =>
          setQuery({ [name]: currentTarget.value }, { replace: true })
        }
      />
    </div>
  );
}

interface ChoiceFieldProps {
  readonly name: string;
  readonly label: string;
  /** What is shown while nothing is chosen. */
  readonly any?: string;
  readonly choices: readonly { readonly id: string; readonly word: string }[];
}

export function ChoiceField({ name, label, any = "any", choices }: ChoiceFieldProps) {
  const id = useId();
  return (
    <div class="choice-field">
      <label for={id}>{label}</label>
      <select
        id={id}
        value={queryPart(name) ?? ""}
        onChange={({ currentTarget }) => setQuery({ [name]: currentTarget.value })}
      >
        <option value="">{any}</option>
        {choices.map((choice) => (
          <option key={choice.id} value={choice.id}>
            {choice.word}
          </option>
        ))}
      </select>
    </div>
  );
}

/** On or off: `alerts=yes`, or not there. */
export function SwitchField({ name, label }: { readonly name: string; readonly label: string }) {
  const isOn = queryPart(name) !== undefined;
  return (
    <button
      type="button"
      class="button switch-field"
      aria-pressed={isOn}
      onClick={() => setQuery({ [name]: isOn ? undefined : "yes" })}
    >
      {label}
    </button>
  );
}
