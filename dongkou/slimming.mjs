// Makes the collected static files light: every script and style without comments and blanks, the modules of a page in one file,
// Tabler's styles without the rules that nothing of ours can match. Called by dongkou/statics.py in place of the files; ADR 85.
//
// On standard input: {root, entries, pages}: the folder of the collected files, the scripts that pages name, and the texts in which
// names of classes and elements stand (of templates, scripts, Python).

import { readFile, readdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { PurgeCSS } from "purgecss";

const TARGET = "chrome80"; // nothing newer is written: that of the field, see eslint.config.mjs
const OLDER = { "class-field": false, "class-static-field": false }; // Chromium 80 knows them; what ECMAScript 2020 has not is not shipped
const MODULES = fileURLToPath(new URL("../node_modules", import.meta.url)); // where a script finds what it names without a path
const FRAMEWORK = "vendor/tabler/css/tabler.min.css";

// Elements and attributes that browsers and Django's own templates make without our naming them.
const ALWAYS = ["html", "body", "input", "select", "option", "optgroup", "textarea", "label", "ul", "li", "::file-selector-button"];
const ATTRIBUTES = ["cols", "disabled", "multiple", "readonly", "rows", "size", "type"];

const { root, entries, pages } = JSON.parse(await text(process.stdin));
const names = (await readdir(root, { recursive: true })).map((name) => name.split(path.sep).join("/"));
const files = (name) => path.join(root, name);

const styles = names.filter((name) => name.startsWith("css/") && name.endsWith(".css"));
const scripts = names.filter((name) => name.startsWith("js/") && name.endsWith(".js"));
await slimFramework();
const made = [
  ...(await builtOf(styles, { bundle: true, external: ["*.svg", "*.png", "*.woff2"] })),
  ...(await builtOf(scripts.filter((name) => !entries.includes(name)), {})),
  // Each by itself: a page waits for one file, not for those that it shares with pages that nobody opens.
  ...(await Promise.all(entries.filter((name) => scripts.includes(name)).map(bundled))).flat(),
];
await Promise.all(made.map(({ path: place, contents }) => writeFile(place, contents)));

async function text(stream) {
  const parts = [];
  for await (const part of stream) parts.push(part);
  return Buffer.concat(parts).toString("utf-8");
}

function read(places) {
  return Promise.all(places.map((place) => readFile(place, "utf-8")));
}

async function builtOf(entryPoints, options) {
  const places = { absWorkingDir: root, outdir: root, outbase: root, write: false, allowOverwrite: true };
  const look = { minify: true, target: TARGET, charset: "utf8", legalComments: "inline", logLevel: "error", nodePaths: [MODULES], supported: OLDER };
  const { outputFiles } = await build({ ...places, ...look, entryPoints: entryPoints.map((name) => `./${name}`), ...options });
  return outputFiles;
}

// A script that imports nothing stays what it is: names of a plain script belong to the page.
async function bundled(name) {
  const isModule = /^(import|export)\b/m.test(await readFile(files(name), "utf-8"));
  return builtOf([name], isModule ? { bundle: true, format: "esm" } : {});
}

async function slimFramework() {
  if (!names.includes(FRAMEWORK)) return;
  const ours = await read(styles.map(files));
  const [{ css }] = await new PurgeCSS().purge({
    content: pages.map((raw) => ({ raw, extension: "text" })),
    css: [{ raw: await readFile(files(FRAMEWORK), "utf-8") }],
    defaultExtractor: words,
    safelist: {
      standard: [...ALWAYS, ...pages.flatMap(composed)],
      // What only our own styles use of it is used.
      variables: [...pages, ...ours].flatMap((text) => text.match(/--[a-z][a-z0-9-]*/g) || []),
      keyframes: ours.flatMap(words),
    },
    dynamicAttributes: ATTRIBUTES,
    keyframes: true,
    variables: true,
  });
  await writeFile(files(FRAMEWORK), css);
}

function words(page) {
  return page.match(/[A-Za-z0-9_-]+/g) || [];
}

// Names put together of what is written and what is worked out: "state-{{ state }}", `mark-${line}`, "col-" + width. Every name that
// could come of it stays.
function composed(page) {
  const begun = page.match(/(?<![%\w-])[A-Za-z][A-Za-z0-9_-]*-(?![A-Za-z0-9_-])/g) || [];
  const ended = page.match(/(?<=\})-[A-Za-z][A-Za-z0-9_-]*/g) || [];
  return [...begun.map((word) => new RegExp(`^${word}`)), ...ended.map((word) => new RegExp(`${word}$`))];
}
