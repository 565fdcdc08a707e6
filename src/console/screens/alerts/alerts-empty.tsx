/** What stands in the place of a list in which nothing is. */
import { EmptyPanel } from "../../parts/panels.tsx";
import { hrefWith } from "../../state/place.ts";
import { me } from "../../state/session.ts";
import { type AlertList, listWords } from "./alert-lists.ts";

const sentences: Readonly<Record<AlertList, string>> = {
  active: "Nothing asks for anybody now.",
  unacked: "Everything that fires was seen by somebody.",
  shelved: "Nothing is on the shelf.",
  suppressed: "No alert is explained by another one.",
  "out-of-service": "No alert is out of service.",
  history: "No alert ended lately.",
};

export function AlertsEmpty({
  list,
  isFiltered,
}: {
  readonly list: AlertList;
  readonly isFiltered: boolean;
}) {
  if (isFiltered)
    return (
      <EmptyPanel title={`No alert in ${listWords[list]} fits the filter.`} icon="filter">
        <a href={hrefWith({ filter: undefined })}>Show all of the list</a>
      </EmptyPanel>
    );
  return (
    <EmptyPanel title={sentences[list]} icon="check">
      {me.value?.shows === "gateway" ? (
        <p>These are alerts that the gateway judges itself; the hub has all others.</p>
      ) : list === "active" ? (
        <a href="/alerts?list=history">Look at those that ended</a>
      ) : (
        <a href="/alerts">Look at the active ones</a>
      )}
    </EmptyPanel>
  );
}
