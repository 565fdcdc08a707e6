/** What stands in the place of content: it is on its way, there is none, or it could not be had. */
import type { ComponentChildren } from "preact";
import type { Problem } from "../../api/problem.ts";
import { Icon, type IconName } from "./icon.tsx";
import { sentence } from "./sentence-text.ts";
import "./panels.css";

/** Shown while the first answer is on its way; later ones leave what there is in its place. */
export function LoadingPanel({ what = "Loading" }: { readonly what?: string }) {
  return (
    <div class="panel-loading" role="status">
      <span class="panel-loading-bar" aria-hidden="true" />
      <span>{what}…</span>
    </div>
  );
}

interface EmptyPanelProps {
  /** A sentence: what there is none of. */
  readonly title: string;
  readonly icon?: IconName;
  /** What to do next: a sentence, commands to copy, a link. */
  readonly children?: ComponentChildren;
}

export function EmptyPanel({ title, icon = "empty", children }: EmptyPanelProps) {
  return (
    <div class="panel-empty">
      <Icon name={icon} />
      <p class="panel-empty-title">{title}</p>
      {children}
    </div>
  );
}

interface ErrorPanelProps {
  readonly problem: Problem;
  /** Tries once more. */
  readonly again?: () => void;
}

/** What went wrong and what to do; the rest of the screen stands. */
export function ErrorPanel({ problem, again }: ErrorPanelProps) {
  return (
    <div class="panel-error" role="alert">
      <Icon name="error" />
      <div>
        <p class="panel-error-title">{sentence(problem.title)}</p>
        {problem.advice && <p>{sentence(problem.advice)}</p>}
        {again && (
          <button type="button" class="button" onClick={again}>
            Try again
          </button>
        )}
      </div>
    </div>
  );
}
