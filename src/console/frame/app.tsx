/** The page: the frame around the screen that the URL means. */
import { useEffect } from "preact/hooks";
import { Loaded } from "../parts/loaded.tsx";
import { EmptyPanel } from "../parts/panels.tsx";
import { isSignedOut } from "../state/ask.ts";
import { followLive } from "../state/live.ts";
import { place } from "../state/place.ts";
import { checkSession, me } from "../state/session.ts";
import { Navigation } from "./navigation.tsx";
import { type Screen, screenOf } from "./screen-table.ts";
import { StatusBar } from "./status-bar.tsx";

export function App() {
  useEffect(() => void checkSession(), []);
  const { path } = place.value;
  if (isSignedOut.value || path === "/sign-in") return <Loaded load={signIn} props={{}} />;
  if (!me.value) return null;
  return <Signed />;
}

const signIn = () => import("../screens/sign-in/sign-in-screen.tsx");

/** What somebody sees who is signed in. */
function Signed() {
  useEffect(followOnce, []);
  const found = screenOf(place.value.path);
  return (
    <>
      <a class="skip" href="#screen">
        Skip to the content
      </a>
      <StatusBar />
      <Navigation />
      <main id="screen" class="screen" tabIndex={-1}>
        {found ? <Shown {...found} /> : <NoScreen />}
      </main>
    </>
  );
}

let follows = false;
function followOnce(): void {
  if (!follows) followLive();
  follows = true;
}

function Shown({ screen, named }: { readonly screen: Screen; readonly named: Named }) {
  return <Loaded key={screen.title} load={screen.load} props={{ named }} />;
}

type Named = Readonly<Record<string, string>>;

function NoScreen() {
  return (
    <>
      <h1>Nothing is here</h1>
      <EmptyPanel title={`There is no screen at ${place.value.path}.`}>
        <a href="/">Go to the overview</a>
      </EmptyPanel>
    </>
  );
}
