/** One of a few, in the URL: a range of time, a stage. */
import { hrefWith } from "../state/place.ts";
import "./segment-links.css";

interface SegmentLinksProps {
  /** What is chosen, for those who do not see it. */
  readonly label: string;
  /** The part of the query; the first choice needs none. */
  readonly name: string;
  readonly choices: readonly { readonly id: string; readonly word: string }[];
  readonly current: string;
}

export function SegmentLinks({ label, name, choices, current }: SegmentLinksProps) {
  return (
    <nav class="segment-links" aria-label={label}>
      {choices.map(({ id, word }, index) => (
        <a
          key={id}
          href={hrefWith({ [name]: index === 0 ? undefined : id })}
          aria-current={id === current ? "true" : undefined}
        >
          {word}
        </a>
      ))}
    </nav>
  );
}
