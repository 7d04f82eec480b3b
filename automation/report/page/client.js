"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const { actors, resources, cells, intents, texts } = data;
  const LETTERS = { read: "R", write: "W", administer: "A", delegate: "D" };
  const WORDS = { read: "read", write: "write", administer: "administer", delegate: "delegate" };
  const $ = (id) => document.getElementById(id);
  /** An element with attributes and children; texts are never read as markup. */
  const make = (name, attributes = {}, ...children) => {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    element.append(...children);
    return element;
  };
  const drawn = (name, attributes, text) => {
    const element = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
    if (text !== undefined) element.textContent = text;
    return element;
  };
  const accountNames = new Map();
  for (const { id, name } of data.accounts) accountNames.set(id, [...(accountNames.get(id) ?? []), name]);
  const accountOf = (id) => (id === "" ? "" : `${accountNames.get(id)?.join(", ") ?? "unknown"} ${id}`);

  /** A label without its stage: the resource's own name in it. A service principal has no stage. */
  const short = (name) =>
    /\.amazonaws\.com(\.cn)?$/.test(name) ? name : name.replace(/^[\w:-]+\.(?=[a-z])/i, "");

  function summary() {
    const holds = intents.filter((intent) => intent.holds).length;
    const wrong = data.findings.filter((finding) => !finding.warning).length;
    $("summary").append(
      `${data.subject}: ${data.counts.roles} roles, ${resources.length} resources; ${holds} of ${intents.length} intents hold, by ${data.counts.requests} requests. `,
      make("span", { class: wrong ? "bad" : "ok" }, wrong ? `${wrong} findings.` : "No findings."),
    );
  }

  function findings() {
    const section = $("findings");
    if (data.findings.length === 0) section.append(make("p", { class: "ok" }, "Nothing."));
    const parts = data.findings.map(({ warning, lines }) =>
      make(
        "div",
        { class: warning ? "finding warning" : "finding" },
        make("strong", {}, `${warning ? "Beyond need, as the documents permit it: " : ""}${lines[0]}`),
        make("pre", {}, lines.slice(1).join("\n")),
      ),
    );
    // A mistake in something that all consumers share gives a finding for each of them.
    const most = 20;
    section.append(...parts.slice(0, most));
    if (parts.length > most)
      section.append(
        make(
          "details",
          { class: "more" },
          make("summary", {}, `and ${parts.length - most} more`),
          ...parts.slice(most),
        ),
      );
  }

  function diff() {
    if (!data.diff) return;
    const { against, gained, lost, kept, unexplained } = data.diff;
    $("diff").hidden = false;
    $("diff").append(
      make("p", {}, `Against ${against}: ${gained.length} gained, ${lost.length} lost, ${kept} kept.`),
    );
    const list = (title, all, kind) => {
      if (all.length === 0) return;
      $("diff").append(
        make("h3", kind ? { class: kind } : {}, title),
        make("ul", {}, ...all.map((text) => make("li", {}, text))),
      );
    };
    list("Gained, and no setting explains it", unexplained, "bad");
    list("Gained", gained);
    list("Lost", lost);
  }

  const filter = () => {
    const value = (id) => $(id).value.trim().toLowerCase();
    return { actor: value("actor"), action: value("action"), resource: value("resource") };
  };
  const has = (text, part) => part === "" || text.toLowerCase().includes(part);
  const hasAction = (numbers, part) =>
    part === "" || numbers.some((at) => texts[at] === "*" || has(texts[at], part) || covers(texts[at], part));
  /** True if a permitted pattern such as s3:Get* matches the searched action. */
  const covers = (pattern, part) =>
    pattern.endsWith("*") && part.startsWith(pattern.slice(0, -1).toLowerCase());

  const fitting = ({ actor, action, resource }) =>
    cells.filter(
      ([who, what, , actions]) =>
        has(`${actors[who].name} ${actors[who].account}`, actor) &&
        has(`${resources[what].name} ${resources[what].kind} ${resources[what].arn}`, resource) &&
        hasAction(actions, action),
    );

  /** Cells by actor and resource, as one letter for each reach. */
  function matrix(shown) {
    const table = $("matrix");
    const columns = [...new Set(shown.map(([, what]) => what))].sort((a, b) => a - b);
    const rows = new Map();
    for (const cell of shown) {
      const row = rows.get(cell[0]) ?? new Map();
      row.set(cell[1], [...(row.get(cell[1]) ?? []), cell]);
      rows.set(cell[0], row);
    }
    const head = make("tr", {}, make("th", { scope: "col" }, "Actor"));
    for (const what of columns)
      head.append(
        make(
          "th",
          { scope: "col" },
          make("span", { title: resources[what].name }, short(resources[what].name)),
          make("br"),
          make("small", {}, `${resources[what].kind}, ${accountOf(resources[what].account)}`),
        ),
      );
    const body = make("tbody");
    for (const [who, row] of [...rows].sort(([a], [b]) => a - b)) {
      const line = make(
        "tr",
        {},
        make(
          "th",
          { scope: "row" },
          make("span", { title: actors[who].name }, short(actors[who].name)),
          make("br"),
          make("small", {}, accountOf(actors[who].account)),
        ),
      );
      for (const what of columns) {
        const found = row.get(what);
        if (!found) {
          line.append(make("td"));
          continue;
        }
        const reaches = Object.keys(LETTERS).filter((reach) => found.some((cell) => cell[2] === reach));
        const label = `${actors[who].name} may ${reaches.map((reach) => WORDS[reach]).join(", ")} ${resources[what].name}`;
        const button = make(
          "button",
          { type: "button", "aria-label": label, "aria-pressed": "false" },
          reaches.map((reach) => LETTERS[reach]).join(""),
        );
        button.addEventListener("click", () => detail(button, found));
        line.append(make("td", {}, button));
      }
      body.append(line);
    }
    table.replaceChildren(
      make("caption", { class: "quiet" }, `${rows.size} actors, ${columns.length} resources`),
      make("thead", {}, head),
      body,
    );
    $("detail").replaceChildren();
  }

  function detail(button, found) {
    for (const pressed of document.querySelectorAll('td button[aria-pressed="true"]'))
      pressed.setAttribute("aria-pressed", "false");
    button.setAttribute("aria-pressed", "true");
    const [[who, what]] = found;
    const parts = found.map(([, , reach, actions, scopes, conditions, places]) =>
      [
        `${WORDS[reach]}: ${actions.map((at) => texts[at]).join(", ")}`,
        `  on ${scopes.map((at) => texts[at]).join(", ")}`,
        ...conditions.map((at) => `  if ${texts[at]}`),
        ...places.map((at) => `  by ${texts[at]}`),
      ].join("\n"),
    );
    $("detail").replaceChildren(
      make("h3", {}, `${actors[who].name} and ${resources[what].name}`),
      make("pre", {}, parts.join("\n")),
    );
    $("detail").scrollIntoView({ block: "nearest" });
  }

  /** Actors on the left, resources on the right, and a line for each reach, owners left out. */
  function graph(shown) {
    const svg = $("graph");
    const edges = shown.filter(([who]) => !actors[who].name.endsWith("(its owner)"));
    const left = [...new Set(edges.map(([who]) => who))];
    const right = [...new Set(edges.map(([, what]) => what))];
    const byAccount = (of) => (a, b) => of(a).account.localeCompare(of(b).account) || a - b;
    left.sort(byAccount((at) => actors[at]));
    right.sort(byAccount((at) => resources[at]));
    const [row, width, gap] = [34, 380, 220];
    const height = Math.max(left.length, right.length, 1) * row + 20;
    svg.setAttribute("viewBox", `0 0 ${2 * width + gap} ${height}`);
    svg.setAttribute("width", String(2 * width + gap));
    svg.setAttribute("height", String(height));
    const y = (at) => 10 + at * row;
    const [leftAt, rightAt] = [
      new Map(left.map((who, at) => [who, at])),
      new Map(right.map((what, at) => [what, at])),
    ];
    const lines = new Map();
    for (const [who, what, reach] of edges) lines.set(`${who} ${what} ${reach}`, [who, what, reach]);
    const parts = [];
    for (const [who, what, reach] of lines.values()) {
      const [from, to] = [y(leftAt.get(who)) + 13, y(rightAt.get(what)) + 13];
      const line = drawn("path", {
        class: reach,
        d: `M${width} ${from} C${width + gap / 2} ${from} ${width + gap / 2} ${to} ${width + gap} ${to}`,
      });
      line.append(drawn("title", {}, `${actors[who].name} may ${WORDS[reach]} ${resources[what].name}`));
      parts.push(line);
    }
    const node = (x, at, name, small, made) => {
      const own = short(name);
      const told = own.length > 54 ? `${own.slice(0, 25)}…${own.slice(-28)}` : own;
      parts.push(
        drawn("rect", { class: made ? "node made" : "node", x, y: y(at), width, height: 28, rx: 5 }),
      );
      const label = drawn("text", { x: x + 8, y: y(at) + 12 }, told);
      label.append(drawn("title", {}, name));
      parts.push(label, drawn("text", { x: x + 8, y: y(at) + 24, "font-size": 10, opacity: 0.8 }, small));
    };
    for (const [who, at] of leftAt)
      node(0, at, actors[who].name, accountOf(actors[who].account), actors[who].made);
    for (const [what, at] of rightAt)
      node(
        width + gap,
        at,
        resources[what].name,
        `${resources[what].kind}, ${accountOf(resources[what].account)}`,
        false,
      );
    svg.replaceChildren(...parts);
  }

  /** Intents match by actor, by action, and by their text. */
  function intentList({ actor, action, resource }) {
    const found = intents.filter(
      (intent) =>
        has(`${intent.actor} ${intent.id}`, actor) &&
        has(`${intent.says} ${intent.id} ${intent.setting ?? ""}`, resource) &&
        (action === "" || intent.actions.some((at) => has(texts[at], action))),
    );
    const most = 400;
    const parts = found.slice(0, most).map((intent) => {
      const title = make(
        "summary",
        {},
        make("span", { class: intent.holds ? "ok" : "bad" }, intent.holds ? "✓ " : "✗ "),
        `${intent.actor} ${intent.says}`,
        make(
          "small",
          {},
          ` — ${intent.expect === "allowed" ? "intended to work" : "intended to be refused"}${intent.setting ? `, ${intent.setting}` : ""}`,
        ),
      );
      const details = make("details", {}, title);
      // Filled when opened: there may be thousands.
      details.addEventListener("toggle", () => {
        if (!details.open || details.children.length > 1) return;
        const because =
          intent.why.length > 0
            ? intent.why.map((at) => make("li", {}, texts[at]))
            : [make("li", {}, "no statement of the graph allows any of it")];
        details.append(
          make("p", { class: "quiet" }, intent.actions.map((at) => texts[at]).join(", ")),
          make("ul", {}, ...because),
        );
      });
      return details;
    });
    if (found.length > most)
      parts.push(make("p", { class: "quiet" }, `and ${found.length - most} more: use the filter`));
    $("intents").replaceChildren(...parts);
    return found.length;
  }

  function show() {
    const wanted = filter();
    const shown = fitting(wanted);
    matrix(shown);
    graph(shown);
    const count = intentList(wanted);
    $("shown").textContent =
      `${new Set(shown.map(([who]) => who)).size} actors, ${new Set(shown.map(([, what]) => what)).size} resources, ${count} intents`;
  }

  function lists() {
    const options = (all) => [...new Set(all)].sort().map((value) => make("option", { value }));
    $("actors").append(...options(actors.map(({ name }) => name)));
    $("resources").append(...options(resources.map(({ name }) => name)));
    $("actions").append(...options(cells.flatMap(([, , , actions]) => actions.map((at) => texts[at]))));
  }

  summary();
  findings();
  diff();
  lists();
  show();
  let waiting;
  $("filters").addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(show, 120);
  });
  $("filters").addEventListener("reset", () => setTimeout(show));
  $("filters").addEventListener("submit", (event) => event.preventDefault());
})();
