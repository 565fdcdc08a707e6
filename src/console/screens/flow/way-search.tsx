/** Leads to the way of one event. */
import { useState } from "preact/hooks";
import { goTo } from "../../state/place.ts";

export function WaySearch() {
  const [id, setId] = useState("");
  const go = (event: Event): void => {
    event.preventDefault();
    if (id.trim() !== "") goTo(`/events/${encodeURIComponent(id.trim())}`);
  };
  return (
    <form class="flow-search" role="search" aria-label="Way of one event" onSubmit={go}>
      <input
        type="search"
        aria-label="Id of an event"
        placeholder="Id of an event"
        autocomplete="off"
        spellcheck={false}
        value={id}
        onInput={({ currentTarget }) => setId(currentTarget.value)}
      />
      <button type="submit" class="button">
        Show its way
      </button>
    </form>
  );
}
