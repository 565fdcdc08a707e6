/** The system as it runs now: what stands where, and what goes from one to the next. */
import { useMemo } from "preact/hooks";
import { Icon } from "../../parts/icon.tsx";
import { EmptyPanel, LoadingPanel } from "../../parts/panels.tsx";
import { useKey } from "../../state/keys.ts";
import { useTopic } from "../../state/live.ts";
import { hrefWith, queryPart, setQuery } from "../../state/place.ts";
import { groupFlow } from "./flow-groups.ts";
import { FlowPicture } from "./flow-picture.tsx";
import { type FlowRow, flowOfRows } from "./flow-rows.ts";
import { FlowStack } from "./flow-stack.tsx";
import { FlowTables } from "./flow-tables.tsx";
import { NodeDetails } from "./node-details.tsx";
import { useWidth } from "./use-width.ts";
import { WaySearch } from "./way-search.tsx";
import "./flow.css";

/** Narrower than this, and nodes stand below each other. */
const leastPicture = 760;

export default function FlowScreen() {
  const { isLoaded, rows } = useTopic<FlowRow>("flow");
  const [element, width] = useWidth<HTMLDivElement>();
  const flow = useMemo(() => flowOfRows(rows), [rows]);
  const opened = queryPart("open") ?? "";
  const drawn = useMemo(() => groupFlow(flow, new Set(opened.split(","))), [flow, opened]);
  const isTable = queryPart("view") === "table";
  const turn = (): void => setQuery({ view: isTable ? undefined : "table" });
  useKey("t", "Show the flow as tables, or as a picture", turn);
  const chosen = flow.nodes.find(({ id }) => id === queryPart("node"));
  return (
    <>
      <div class="screen-head">
        <h1>Flow</h1>
        <WaySearch />
        <div class="actions">
          {opened !== "" && (
            <a class="button" href={hrefWith({ open: undefined })}>
              Draw many as one
            </a>
          )}
          <button type="button" class="button" aria-pressed={isTable} onClick={turn}>
            <Icon name={isTable ? "flow" : "table"} /> {isTable ? "Picture" : "Table"}
          </button>
        </div>
      </div>
      <div ref={element}>
        {!isLoaded && <LoadingPanel what="Looking at what runs" />}
        {isLoaded && flow.nodes.length === 0 && (
          <EmptyPanel title="Nothing runs here that could be shown." icon="flow" />
        )}
        {isLoaded && flow.nodes.length > 0 && isTable && <FlowTables {...flow} />}
        {isLoaded && flow.nodes.length > 0 && !isTable && width >= leastPicture && (
          <FlowPicture drawn={drawn} width={width} chosen={chosen?.id} />
        )}
        {isLoaded && flow.nodes.length > 0 && !isTable && width > 0 && width < leastPicture && (
          <FlowStack drawn={drawn} />
        )}
      </div>
      {chosen && <NodeDetails node={chosen} flow={flow} />}
    </>
  );
}
