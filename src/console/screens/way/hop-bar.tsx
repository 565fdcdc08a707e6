/** The time of one hop on the axis. What it shows stands as a number beside it. */
import type { HopBar } from "./way-axis.ts";

const width = 400;
const height = 20;
/** What took no time is seen as well. */
const leastWidth = 3;

export function HopBarPicture({ bar }: { readonly bar: HopBar }) {
  const { end, isBackwards, isShortened, start } = bar;
  const left = Math.min(start * width, width - leastWidth);
  const wide = Math.max(leastWidth, (end - start) * width);
  const middle = left + wide / 2;
  return (
    <svg
      class="way-bar"
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      <rect class="way-bar-track" width={width} height={height} />
      <rect
        class={isBackwards ? "way-bar-back" : "way-bar-time"}
        x={left}
        y="5"
        width={wide}
        height={height - 10}
      />
      {isShortened && (
        <path
          class="way-bar-cut"
          d={`M${middle - 6} 20L${middle} 0M${middle} 20L${middle + 6} 0`}
        />
      )}
    </svg>
  );
}
