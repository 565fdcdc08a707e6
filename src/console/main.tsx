/** Where the page begins. */
import { render } from "preact";
import { App } from "./frame/app.tsx";
import "./frame/colors.css";
import "./frame/base.css";
import "./frame/frame.css";
import { followKeys } from "./state/keys.ts";
import { followTime } from "./state/now.ts";
import { followPlace } from "./state/place.ts";
import { followSession } from "./state/session.ts";
import { followTheme } from "./state/theme.ts";

followTheme();
followPlace();
followKeys();
followTime();
followSession();
const page = document.getElementById("page");
if (page) render(<App />, page);
