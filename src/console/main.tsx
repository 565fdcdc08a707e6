/** Where the page begins. */
import { render } from "preact";
import { App } from "./frame/app.tsx";
import "./frame/colors.css";
import "./frame/base.css";
import "./frame/frame.css";
import { followPlace } from "./state/place.ts";
import { followTheme } from "./state/theme.ts";

followTheme();
followPlace();
const page = document.getElementById("page");
if (page) render(<App />, page);
