/** A field of a form: its name, what to write, and what is wrong with what was written. */
import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";
import "./field.css";

/** To be spread on the input. */
export interface FieldInput {
  readonly id: string;
  readonly "aria-describedby": string | undefined;
  readonly "aria-invalid": boolean | undefined;
}

interface FieldProps {
  readonly label: string;
  /** What to write, or what it is for. */
  readonly hint?: string | undefined;
  /** Why what was written does not do. The form puts the focus into the first such field. */
  readonly error?: string | undefined;
  readonly children: (input: FieldInput) => ComponentChildren;
}

export function Field({ label, hint, error, children }: FieldProps) {
  const id = useId();
  const told = error ?? hint;
  return (
    <div class={error === undefined ? "field" : "field field-wrong"}>
      <label for={id}>{label}</label>
      {children({
        id,
        "aria-describedby": told === undefined ? undefined : `${id}-told`,
        "aria-invalid": error === undefined ? undefined : true,
      })}
      {told !== undefined && (
        <p id={`${id}-told`} class="field-told" role={error === undefined ? undefined : "alert"}>
          {told}
        </p>
      )}
    </div>
  );
}

/** Puts the focus into the first field of a form that is wrong; to be called when that is drawn. */
export function focusFirstWrong(form: HTMLFormElement | null): void {
  requestAnimationFrame(() => {
    const field = form?.querySelector("[aria-invalid=true]");
    if (field instanceof HTMLElement) field.focus();
  });
}
