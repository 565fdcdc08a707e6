/** How the page becomes files that the web server hands out: nothing is loaded from elsewhere. */
import { defineConfig, type Plugin } from "vite";

const here = new URL(".", import.meta.url).pathname;

/** What the library can do and no chart of ours asks for; they are a tenth of it. */
const unused = [
  ...["bars", "splineInterp", "_monotoneCubic", "join", "nullExpand", "sortCols", "allHeadersSame"],
  ...["tzDate", "timeAxisVals", "rangeLog", "rangeAsinh", "logAxisSplits", "asinhAxisSplits"],
  ...["log10AxisValsFilt", "log2AxisValsFilt"],
];

/** Empties functions of the library. Where one is not there, it is another version: then look again. */
const lighterCharts: Plugin = {
  name: "lighter-charts",
  enforce: "pre",
  transform(code, id) {
    if (!id.includes("/uPlot.esm.js")) return null;
    return unused.reduce((text, name) => {
      const whole = new RegExp(`^function ${name}\\([^]*?^\\}$`, "m");
      if (!whole.test(text)) throw new Error(`uPlot has no function ${name} any more`);
      return text.replace(whole, `function ${name}() {}`);
    }, code);
  },
};

export default defineConfig({
  root: here,
  base: "/",
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  plugins: [lighterCharts],
  // While the page is worked on, a server that runs already answers what it asks.
  server: { proxy: { "/api": process.env["SLUICEGATE_CONSOLE"] ?? "http://127.0.0.1:8080" } },
  build: {
    outDir: "../../dist/console",
    emptyOutDir: true,
    target: "es2022",
    // The policy of the page lets in files of ours only, so nothing is written into others as data.
    assetsInlineLimit: 0,
    modulePreload: false,
    reportCompressedSize: false,
    rolldownOptions: {
      output: {
        // All screens in one file pack to less than each in its own; what draws charts is as large as
        // all of them, and is loaded with the first chart.
        codeSplitting: {
          groups: [
            {
              name: "page",
              test: /src\/console\/(?!chart\/chart-(?:canvas|options|marks|colors))|preact|src\/core/,
            },
          ],
        },
      },
    },
  },
});
