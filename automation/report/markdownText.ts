/** Text from resources inside Markdown, never read as markup, a mention or a reference. */

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "|": "&#124;",
  "`": "&#96;",
  "*": "&#42;",
  _: "&#95;",
  "~": "&#126;",
  "[": "&#91;",
  "]": "&#93;",
  "\\": "&#92;",
  "#": "&#35;",
  "@": "&#64;",
  "!": "&#33;",
  $: "&#36;",
  ":": "&#58;",
};

/** The longest text that is shown in full, in characters. */
const LONGEST = 300;

/** As code. `pre` keeps line breaks. */
export function code(text: string, within: "cell" | "pre" = "cell"): string {
  if (within === "pre") return escaped(text.length > 4000 ? `${text.slice(0, 4000)}…` : text);
  const whole = oneLine(text);
  return `<code>${escaped(whole.length > LONGEST ? `${cut(whole)}…` : whole)}</code>`;
}

/** As plain text on one line. */
export function line(text: string): string {
  const whole = oneLine(text);
  return escaped(whole.length > LONGEST ? `${cut(whole)}…` : whole);
}

/** Cuts no surrogate pair in half. */
function cut(text: string): string {
  return text.slice(0, LONGEST).replace(/[\ud800-\udbff]$/, "");
}

function oneLine(text: string): string {
  return text.replace(/[\s\u0000-\u001f\u007f]+/g, " ").trim();
}

function escaped(text: string): string {
  // GitHub turns `www.` into a link, but not with the dot as an entity.
  return text
    .replace(/[&<>"|`*_~[\]\\#@!$:]/g, (character) => ENTITIES[character] ?? character)
    .replace(/www\./gi, "www&#46;");
}
