/** The access page: one HTML file with its data, style and script in it. It loads nothing. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { PageData } from "./data";

export function pageHtml(data: PageData): string {
  const style = readFileSync(join(__dirname, "style.css"), "utf8");
  const script = readFileSync(join(__dirname, "client.js"), "utf8");
  // Only `<` could end the script element.
  const json = JSON.stringify(data).replace(/</g, "\\u003c");
  const title = `Access of ${escaped(data.env)}`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
<title>${title}</title>
<style>
${style}</style>
</head>
<body>
<a class="skip" href="#matrix-title">Skip to who can do what</a>
<a class="skip" href="#intents-title">Skip to the intents</a>
<header>
<h1>${title}</h1>
<p id="summary"></p>
</header>
<main>
<form id="filters" role="search" aria-label="Filter">
<label>Actor <input type="search" id="actor" list="actors" autocomplete="off" placeholder="all"></label>
<label>Action <input type="search" id="action" list="actions" autocomplete="off" placeholder="all"></label>
<label>Resource <input type="search" id="resource" list="resources" autocomplete="off" placeholder="all"></label>
<button type="reset">Clear</button>
<output id="shown" aria-live="polite"></output>
<datalist id="actors"></datalist><datalist id="actions"></datalist><datalist id="resources"></datalist>
</form>
<section aria-labelledby="findings-title" id="findings"><h2 id="findings-title">Findings</h2></section>
<section aria-labelledby="diff-title" id="diff" hidden><h2 id="diff-title">Changes</h2></section>
<section aria-labelledby="matrix-title"><h2 id="matrix-title" tabindex="-1">Who can do what, at most</h2>
<p>For each resource, over all principals: <b>R</b> read, <b>W</b> write, <b>A</b> administer, <b>D</b> delegate access to others.
Choose a cell to see the actions, the conditions and the statements that permit them.</p>
<div class="scroll" tabindex="0" role="region" aria-label="Matrix of actors and resources"><table id="matrix"></table></div>
<div id="detail" role="region" aria-live="polite" aria-label="Details of the chosen cell"></div>
</section>
<section aria-labelledby="graph-title"><h2 id="graph-title">The graph</h2>
<p>Each line joins an actor to a resource that it can use, owners left out: blue lines write, dashed lines delegate, the others read or administer.</p>
<div class="scroll" tabindex="0" role="region" aria-label="Drawing of the graph; the matrix says the same"><svg id="graph" role="img" aria-labelledby="graph-title"></svg></div>
</section>
<section aria-labelledby="intents-title"><h2 id="intents-title" tabindex="-1">Intents, and the statements that decide them</h2><div id="intents"></div></section>
</main>
<noscript>This page needs JavaScript to show its data.</noscript>
<script type="application/json" id="data">${json}</script>
<script>
${script}</script>
</body>
</html>
`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}
