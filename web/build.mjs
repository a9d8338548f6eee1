// Bundles the page's script and style into dist/. With --check it compares them with what is committed instead.
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync, gzipSync } from "node:zlib";
import esbuild from "esbuild";

const here = path.dirname(fileURLToPath(import.meta.url));
const reports = path.join(here, "../src/sinks/report");

// Words, shapes and tables are those of the reports, whose script files share one scope.
const SHARED = [
  "SHAPES", "WORDS", "bandOptions", "bearing", "byId", "capital", "chosenOf", "dated", "el", "key", "listenToControls", "many",
  "number", "percent", "scrolled", "sentences", "short", "sorted", "stack", "state", "svg", "tabled", "textFilter", "whole", "years",
];
const report = {
  name: "report",
  setup(build) {
    build.onResolve({ filter: /^report$/ }, () => ({ path: "report", namespace: "report" }));
    build.onLoad({ filter: /.*/, namespace: "report" }, () => {
      const files = ["words.js", "table.js"].map((file) => path.join(reports, file));
      const text = files.map((file) => fs.readFileSync(file, "utf8")).join("");
      return { contents: `${text}export { ${SHARED.join(", ")} };\n`, watchFiles: files };
    });
  },
};

const made = await esbuild.build({
  absWorkingDir: here,
  entryPoints: { map: "src/start.js" },
  outdir: "dist",
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  legalComments: "none",
  metafile: true,
  write: false,
  plugins: [report],
});
const of = (ending) => made.outputFiles.find((file) => file.path.endsWith(ending)).text;
const script = `${licences(made.metafile)}${of(".js")}`;
const style = of(".css");
const packed = path.join(here, "dist/map.js.gz");
const plain = path.join(here, "dist/map.css");

if (process.argv.includes("--check")) {
  // Compressors differ from version to version; what they hold must not.
  const same = gunzipSync(fs.readFileSync(packed)).toString() === script && fs.readFileSync(plain, "utf8") === style;
  console.log(same ? "web/dist is what the sources make" : "web/dist is not what the sources make: make web");
  process.exitCode = same ? 0 : 1;
} else {
  fs.mkdirSync(path.join(here, "dist"), { recursive: true });
  fs.writeFileSync(packed, gzipSync(script, { level: 9 }));
  fs.writeFileSync(plain, style);
  console.log(`${script.length} bytes of script, ${fs.statSync(packed).size} packed; ${style.length} bytes of style`);
}

// The licences of what is bundled, which ask to be told with it.
function licences({ inputs }) {
  const names = new Set(Object.keys(inputs).flatMap((file) => /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1] ?? []));
  const texts = [...names].sort().map((name) => {
    const folder = path.join(here, "node_modules", name);
    const { version, license } = JSON.parse(fs.readFileSync(path.join(folder, "package.json"), "utf8"));
    const file = fs.readdirSync(folder).find((each) => /^licen[cs]e/i.test(each));
    return `${name} ${version}, ${license}\n\n${file ? fs.readFileSync(path.join(folder, file), "utf8").trim() : ""}\n`;
  });
  return `/*!\nThis file has parts of:\n\n${texts.join("\n").replaceAll("*/", "* /")}*/\n`;
}
