/** Looks for a device from any screen. */
import { useRef } from "preact/hooks";
import { Icon } from "../parts/icon.tsx";
import { useKey } from "../state/keys.ts";
import { goTo } from "../state/place.ts";

export function SearchBox() {
  const field = useRef<HTMLInputElement>(null);
  useKey("/", "Search for a device", () => field.current?.select());
  return (
    <form
      class="search-box"
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        const text = field.current?.value.trim() ?? "";
        if (field.current) field.current.value = "";
        goTo(text === "" ? "/devices" : `/devices?${new URLSearchParams({ filter: text })}`);
      }}
    >
      <Icon name="search" />
      <input
        ref={field}
        type="search"
        aria-label="Search for a device"
        placeholder="Search devices"
      />
      <span class="search-box-key" />
    </form>
  );
}
