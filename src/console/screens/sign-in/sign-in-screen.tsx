/** Lets people in: by name and password, or by what the program prints when it starts. */
import { useEffect, useRef, useState } from "preact/hooks";
import type { Problem } from "../../../api/problem.ts";
import { Command } from "../../parts/copy-button.tsx";
import { Field, focusFirstWrong } from "../../parts/field.tsx";
import { me, sessionProblem, signIn } from "../../state/session.ts";
import { type SignInTrouble, signInTrouble } from "./sign-in-trouble.ts";
import "./sign-in.css";

/** Of somebody who was signed in until now: the address is still that of the screen. */
const hasEnded: SignInTrouble = {
  title: "You are not signed in any more.",
  advice: "Sign in again: you come back to where you were.",
};

export default function SignInScreen() {
  const form = useRef<HTMLFormElement>(null);
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const [isTried, setTried] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const [own, setOwn] = useState<Problem>();
  const [isByName, setByName] = useState(false);
  // What was wrong with a link is told until somebody signs in by name.
  const problem = own ?? (isByName ? undefined : sessionProblem.value);
  useEffect(() => {
    document.title = "Sign in · Sluicegate";
  }, []);

  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    setTried(true);
    setByName(true);
    setOwn(undefined);
    if (name.trim() === "" || password === "") return focusFirstWrong(form.current);
    setBusy(true);
    const answer = await signIn({ name: name.trim(), password });
    setBusy(false);
    if (answer.ok) return;
    setPassword("");
    setTried(false);
    setOwn(answer.problem);
    form.current?.querySelector<HTMLInputElement>("input[type=password]")?.focus();
  };

  const trouble = problem ? signInTrouble(problem) : me.value && hasEnded;
  return (
    <main class="alone sign-in">
      <h1>Sign in</h1>
      <p class="soft">The console of this gateway and its backbone.</p>
      <div role="alert">
        {trouble && (
          <div class="sign-in-trouble">
            <strong>{trouble.title}</strong>
            <p>{trouble.advice}</p>
          </div>
        )}
      </div>
      <form ref={form} class="form card" noValidate onSubmit={submit}>
        <Field
          label="Name"
          error={isTried && name.trim() === "" ? "Write the name that you were given." : undefined}
        >
          {(input) => (
            <input
              {...input}
              name="username"
              autocomplete="username"
              autocapitalize="none"
              spellcheck={false}
              required
              maxLength={64}
              value={name}
              onInput={({ currentTarget }) => setName(currentTarget.value)}
            />
          )}
        </Field>
        <Field
          label="Password"
          error={isTried && password === "" ? "Write your password." : undefined}
        >
          {(input) => (
            <input
              {...input}
              name="password"
              type="password"
              autocomplete="current-password"
              required
              maxLength={1024}
              value={password}
              onInput={({ currentTarget }) => setPassword(currentTarget.value)}
            />
          )}
        </Field>
        <button type="submit" class="button button-main" disabled={isBusy}>
          {isBusy ? "Signing in…" : "Sign in"}
        </button>
      </form>
      <div class="sign-in-other soft">
        <p>On the machine itself, this prints a link that signs in once:</p>
        <Command text="sluicegate console" />
        <p>And this gives somebody a name and a password:</p>
        <Command text="sluicegate console-users add NAME" />
      </div>
    </main>
  );
}
