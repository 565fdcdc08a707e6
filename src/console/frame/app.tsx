/** The page: the frame around the screen that the URL means. */
import { useEffect, useRef } from "preact/hooks";
import { Loaded } from "../parts/loaded.tsx";
import { EmptyPanel, ErrorPanel, LoadingPanel } from "../parts/panels.tsx";
import { isSignedOut } from "../state/ask.ts";
import { useKey } from "../state/keys.ts";
import { followLive } from "../state/live.ts";
import { goTo, place } from "../state/place.ts";
import { checkSession, me, sessionProblem } from "../state/session.ts";
import { Announcer } from "./announcer.tsx";
import { Navigation } from "./navigation.tsx";
import { usePageTitle } from "./page-title.ts";
import { screenOf } from "./screen-table.ts";
import { StaleBanner } from "./stale-banner.tsx";
import { StatusBar } from "./status-bar.tsx";
import { ToastList } from "./toast-list.tsx";

export function App() {
  const { path } = place.value;
  useEffect(() => {
    if (path === "/sign-in" && me.value) goTo("/", { replace: true });
  }, [path, me.value]);
  if (isSignedOut.value) return <Loaded load={signIn} props={{}} />;
  if (me.value) return <Signed />;
  return (
    <main class="alone">
      {sessionProblem.value ? (
        <ErrorPanel problem={sessionProblem.value} again={() => void checkSession()} />
      ) : (
        <LoadingPanel what="Asking who is signed in" />
      )}
    </main>
  );
}

const signIn = () => import("../screens/sign-in/sign-in-screen.tsx");

/** What somebody sees who is signed in. */
function Signed() {
  const { path } = place.value;
  const found = screenOf(path);
  const screen = useRef<HTMLElement>(null);
  const shownPath = useRef(path);
  useEffect(followLive, []);
  usePageTitle(found?.screen.title ?? "Nothing is here");
  useKey("Escape", "Go back to the list", () => {
    const above = path.slice(0, path.lastIndexOf("/"));
    if (above !== "" && screenOf(above)) goTo(above);
  });
  useEffect(() => {
    // Another screen is read from its beginning, also by those who hear it.
    if (shownPath.current !== path) screen.current?.focus({ preventScroll: true });
    shownPath.current = path;
  }, [path]);
  return (
    <>
      <a class="skip" href="#screen">
        Skip to the content
      </a>
      <StatusBar />
      <Navigation />
      <main id="screen" ref={screen} class="screen" tabIndex={-1}>
        <StaleBanner />
        {found ? (
          <Loaded
            key={found.screen.pattern}
            load={found.screen.load}
            props={{ named: found.named }}
          />
        ) : (
          <NoScreen path={path} />
        )}
      </main>
      <ToastList />
      <Announcer />
    </>
  );
}

function NoScreen({ path }: { readonly path: string }) {
  return (
    <>
      <h1>Nothing is here</h1>
      <EmptyPanel title={`There is no screen at ${path}.`}>
        <a href="/">Go to the overview</a>
      </EmptyPanel>
    </>
  );
}
