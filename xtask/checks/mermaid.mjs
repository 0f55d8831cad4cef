// mermaid's own parser over each file. usage: node mermaid.mjs FOLDER_OF_NODE_MODULES FILE...
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [packages, ...files] = process.argv.slice(2);
const installed = createRequire(join(packages, "package.json"));

// mermaid expects a browser's document, also where nothing is drawn.
const { JSDOM } = installed("jsdom");
const { window } = new JSDOM("<!doctype html><body></body>");
globalThis.window = window;
globalThis.document = window.document;

const { default: mermaid } = await import(pathToFileURL(installed.resolve("mermaid")));
mermaid.initialize({ startOnLoad: false });

for (const file of files) {
  try {
    await mermaid.parse(readFileSync(file, "utf8"));
  } catch (error) {
    console.log(`${file}: ${error.message}`);
    process.exitCode = 1;
  }
}
