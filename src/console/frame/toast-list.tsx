/** What was done, told at the edge of the page. */
import { Icon } from "../parts/icon.tsx";
import { dismissToast, toasts } from "../state/toasts.ts";

export function ToastList() {
  return (
    <section class="toasts" role="status" aria-label="What was done">
      {toasts.value.map(({ id, isFailure, text }) => (
        <p key={id} class={isFailure ? "toast toast-failure" : "toast"}>
          <Icon name={isFailure ? "error" : "check"} />
          <span>{text}</span>
          <button
            type="button"
            class="button button-plain button-small"
            aria-label="Dismiss"
            onClick={() => dismissToast(id)}
          >
            <Icon name="close" />
          </button>
        </p>
      ))}
    </section>
  );
}
