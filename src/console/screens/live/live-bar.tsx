/** What is to be shown of what flows, and what is done with it. */
import { useEffect, useRef, useState } from "preact/hooks";
import { ChoiceField } from "../../parts/filters.tsx";
import { Icon } from "../../parts/icon.tsx";
import { useKey } from "../../state/keys.ts";
import { queryPart, setQuery } from "../../state/place.ts";

/** The server is asked anew for another filter, so not for each letter. */
const pauseMs = 600;

interface LiveFilterProps {
  /** What is wrong with it, as the server says. */
  readonly fault: string | null;
}

export function LiveFilter({ fault }: LiveFilterProps) {
  const asked = queryPart("filter") ?? "";
  const [text, setText] = useState(asked);
  const field = useRef<HTMLInputElement>(null);
  useKey("/", "Filter what flows", () => field.current?.select());
  useKey("f", "Filter what flows", () => field.current?.select());
  useEffect(() => setText(asked), [asked]);
  useEffect(() => {
    if (text === asked) return;
    const timer = setTimeout(() => setQuery({ filter: text }, { replace: true }), pauseMs);
    return () => clearTimeout(timer);
  }, [text, asked]);
  return (
    <form
      class="live-filter"
      aria-label="What is shown"
      onSubmit={(event) => {
        event.preventDefault();
        setQuery({ filter: text });
      }}
    >
      <div class="search-field">
        <Icon name="filter" />
        <input
          ref={field}
          type="search"
          aria-label="Filter"
          aria-invalid={fault !== null}
          aria-describedby="live-filter-told"
          placeholder="device:freezer-* temperature > -15"
          autocomplete="off"
          spellcheck={false}
          value={text}
          onInput={({ currentTarget }) => setText(currentTarget.value)}
        />
      </div>
      <ChoiceField
        name="per_s"
        label="at most"
        any="20 rows/s"
        choices={["5", "50", "100"].map((id) => ({ id, word: `${id} rows/s` }))}
      />
      <p id="live-filter-told" class={fault === null ? "faint" : "live-fault"} role="status">
        {fault === null
          ? "By device:, metric:, topic:, kind:, quality:, a comparison, or any word; - in front turns it round."
          : `The filter does not work: ${fault}.`}
      </p>
    </form>
  );
}

interface LiveActionsProps {
  readonly isHeld: boolean;
  readonly canSave: boolean;
  readonly onHold: () => void;
  readonly onClear: () => void;
  readonly onSave: () => void;
  /** What a saved file is good for. */
  readonly saveTitle: string;
}

export function LiveActions(props: LiveActionsProps) {
  const { canSave, isHeld, onClear, onHold, onSave, saveTitle } = props;
  return (
    <div class="actions">
      <button type="button" class="button" aria-pressed={isHeld} onClick={onHold}>
        <Icon name={isHeld ? "play" : "pause"} />
        {isHeld ? "Go on" : "Pause"}
      </button>
      <button type="button" class="button" onClick={onClear}>
        Clear
      </button>
      <button type="button" class="button" disabled={!canSave} title={saveTitle} onClick={onSave}>
        <Icon name="save" />
        Save
      </button>
    </div>
  );
}
