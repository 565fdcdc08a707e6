/** The hops of an event on an axis of time, as a table: each with how long it took and by whose clock. */
import type { Hop } from "../../../api/shapes/way.ts";
import { Icon } from "../../parts/icon.tsx";
import { fullText, preciseText, spanText } from "../../parts/time-text.ts";
import { HopBarPicture } from "./hop-bar.tsx";
import { type HopBar, wayAxis } from "./way-axis.ts";
import {
  clockWords,
  hopBefore,
  hopMeanings,
  hopWords,
  stateIcons,
  stateWords,
} from "./way-words.ts";

export function WayHops({ hops }: { readonly hops: readonly Hop[] }) {
  const axis = wayAxis(hops);
  return (
    <div class="card way-card">
      <table class="way-table">
        <caption class="only-read">Hops of the event in the order of the flow</caption>
        <thead>
          <tr>
            <th scope="col">Hop</th>
            <th scope="col">Took</th>
            <th scope="col" class="way-bar-head">
              {axis && (
                <>
                  <time title={fullText(axis.fromMs)}>{preciseText(axis.fromMs)}</time>
                  <time title={fullText(axis.toMs)}>{preciseText(axis.toMs)}</time>
                </>
              )}
            </th>
            <th scope="col">When</th>
            <th scope="col">Where</th>
          </tr>
        </thead>
        <tbody>
          {hops.map((hop, index) => (
            <HopRow
              // A way grows at its end, and a hop may stand several times.
              key={`${hop.hop} ${index}`}
              hop={hop}
              before={hopBefore(hops, index)}
              bar={axis?.bars[index] ?? null}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface HopRowProps {
  readonly hop: Hop;
  readonly before: Hop | undefined;
  readonly bar: HopBar | null;
}

function HopRow({ hop, before, bar }: HopRowProps) {
  const { atMs, clock, path, state, text, tookMs, where } = hop;
  const said = clockWords(hop, before, spanText);
  return (
    <tr class={`way-hop way-hop-${state}`}>
      <th scope="row">
        <span class="way-name">
          <Icon name={stateIcons[state]} />
          <span>
            {hopWords[hop.hop]}
            <span class="way-meaning">{hopMeanings[hop.hop]}</span>
          </span>
        </span>
      </th>
      <td class="number" data-label="Took">
        {tookText(tookMs)}
      </td>
      <td class="way-bar-cell">{bar && <HopBarPicture bar={bar} />}</td>
      <td data-label="When">
        {atMs === null ? (
          <span class="faint">{state === "reached" ? "time not known" : stateWords[state]}</span>
        ) : (
          <time dateTime={new Date(atMs).toISOString()} title={fullText(atMs)}>
            {preciseText(atMs)}
          </time>
        )}
        {clock !== null && <span class="way-meaning">by {clock}</span>}
      </td>
      <td data-label="Where">
        {path === null ? where : <a href={path}>{where || text}</a>}
        {text !== "" && (path === null || where !== "") && <span class="way-meaning">{text}</span>}
        {said !== undefined && <span class="way-clock">{said}</span>}
      </td>
    </tr>
  );
}

function tookText(tookMs: number | null): string {
  if (tookMs === null) return "";
  return tookMs < 0 ? `− ${spanText(-tookMs)}` : spanText(tookMs);
}
