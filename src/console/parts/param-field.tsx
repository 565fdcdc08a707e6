/** A field for one parameter of a command or of a plan, as it is declared. */
import { Field } from "./field.tsx";
import { type CommandParam, rangeText, type Typed } from "./typed-params.ts";

interface ParamFieldProps {
  readonly param: CommandParam;
  readonly typed: Typed;
  readonly fault: string | undefined;
  readonly onTyped: (typed: Typed) => void;
}

export function ParamField({ fault, onTyped, param, typed }: ParamFieldProps) {
  const value = typed.get(param.name) ?? "";
  const set = (text: string): void => onTyped(new Map(typed).set(param.name, text));
  const choices = param.kind === "boolean" ? ["true", "false"] : param.choices;
  const isChoice = param.kind === "boolean" || param.kind === "choice";
  return (
    <Field
      label={param.name}
      hint={[param.about, rangeText(param)].filter(Boolean).join(": ") || undefined}
      error={fault}
    >
      {(input) =>
        isChoice ? (
          <select
            {...input}
            value={value}
            onChange={({ currentTarget }) => set(currentTarget.value)}
          >
            <option value="">{param.fallback === null ? "Choose" : `${param.fallback}`}</option>
            {choices.map((choice) => (
              <option key={choice} value={choice}>
                {choice}
              </option>
            ))}
          </select>
        ) : (
          <input
            {...input}
            type="text"
            inputMode={param.kind === "number" ? "decimal" : "text"}
            autocomplete="off"
            spellcheck={false}
            value={value}
            placeholder={param.fallback === null ? undefined : `${param.fallback}`}
            onInput={({ currentTarget }) => set(currentTarget.value)}
          />
        )
      }
    </Field>
  );
}
