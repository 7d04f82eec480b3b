/**
 * The walls of docs/architecture.md, "Imports": which room may import which, types included.
 * test/walls/walls.test.ts shows of each rule that it holds.
 */

const { readdirSync } = require("node:fs");
const { join } = require("node:path");

/** Everything of this repository, as opposed to packages from npm and modules of Node.js. */
const PROJECT = "^(index\\.ts$|(access|automation|bench|components|packages|policy-pack|test|tools)/)";
/** Entries of the packages, as their package.json exports them. */
const IAM = entriesOf("packages/iam");
const SANDBOX = entriesOf("packages/sandbox");

/** The rooms of the driver, from the ground up. */
const AUTOMATION = [
  "model",
  "topologies",
  "graph",
  "environment",
  "engine",
  "stacks",
  "preflight",
  "evolution",
  "run",
  "proof",
  "session",
  "actions",
  "report",
  "cli",
];

/** The rooms of the sandbox, and the others that each may import. */
const ROOMS = {
  core: [],
  formats: ["core"],
  store: ["core"],
  identity: ["core"],
  protocol: ["core", "identity"],
  services: ["core", "formats", "identity", "protocol"],
  pipeline: ["core", "identity", "protocol", "world.ts"],
  provider: [],
};

/** The topologies. Each is a file or folder of its name in three layers; beside it are the lists, and what topologies share. */
const TOPOLOGIES = readdirSync(join(__dirname, "components", "topologies")).filter(
  (name) => !name.includes("."),
);

module.exports = {
  forbidden: [
    only("iam imports nothing of the project", "^packages/iam/", []),
    only("the sandbox imports iam and nothing else of the project", "^packages/sandbox/", [IAM]),
    {
      name: "packages are imported by their entries",
      severity: "error",
      from: { pathNot: ["^packages/", "^test/(iam|sandbox)/", "^test/integration/support.ts$"] },
      to: { path: "^packages/", pathNot: [IAM, SANDBOX] },
    },

    ...Object.entries(ROOMS).map(([room, others]) =>
      within("packages/sandbox", room, [...others, "errors.ts"], `sandbox/${room} imports ${listed(others)}`),
    ),
    {
      name: "a service imports no other service",
      severity: "error",
      from: { path: "^packages/sandbox/services/([^/]+)/" },
      to: { path: "^packages/sandbox/services/", pathNot: "^packages/sandbox/services/$1/" },
    },

    only("index.ts imports components only", "^index\\.ts$", ["^components/"]),
    only("components import nothing else of the project", "^components/", []),
    {
      name: "policies are pure functions of their facts",
      severity: "error",
      from: { path: "^components/policies/" },
      to: { pathNot: "^components/policies/" },
    },
    {
      name: "policies of a topology are pure functions of their facts",
      severity: "error",
      from: { path: "^components/topologies/([^/]+)/policies/" },
      to: { pathNot: ["^components/policies/", "^components/topologies/$1/policies/"] },
    },
    {
      name: "access is pure, and imports iam only",
      severity: "error",
      from: { path: "^access/" },
      to: { pathNot: ["^access/", IAM] },
    },
    only("the policy pack imports nothing else of the project", "^policy-pack/", []),
    {
      name: "rules are pure",
      severity: "error",
      from: { path: "^policy-pack/rules/" },
      to: { pathNot: ["^policy-pack/rules/"] },
    },

    only("automation imports components, access, iam and rules", "^automation/", [
      "^components/",
      "^access/",
      IAM,
      "^policy-pack/rules/",
    ]),
    ...AUTOMATION.map((room, index) =>
      within(
        "automation",
        room,
        AUTOMATION.slice(0, index),
        `automation/${room} imports rooms below it only`,
      ),
    ),
    {
      name: "only automation imports the Automation API",
      severity: "error",
      from: { pathNot: ["^automation/", "^test/", "^bench/"] },
      to: { path: "@pulumi/pulumi/automation" },
    },

    {
      name: "a topology is found by its list",
      severity: "error",
      from: {
        pathNot: [
          topologies(TOPOLOGIES),
          "^(access|automation|components)/topologies/index\\.ts$",
          "^test/",
          "^bench/",
        ],
      },
      to: { path: topologies(TOPOLOGIES) },
    },
    ...TOPOLOGIES.map((name) => ({
      name: `${name} imports no other topology`,
      severity: "error",
      from: { path: topologies([name]) },
      to: { path: topologies(TOPOLOGIES.filter((other) => other !== name)) },
    })),

    only("tools import the product and packages", "^tools/", ["^automation/", "^components/", IAM, SANDBOX]),
    { name: "no circle", severity: "error", from: {}, to: { circular: true } },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      extensions: [".ts", ".js", ".json"],
      exportsFields: ["exports"],
      conditionNames: ["require", "node", "types", "import"],
    },
  },
};

/** Nothing in `from` may import of the project anything but itself and what `allowed` matches. */
function only(name, from, allowed) {
  return {
    name,
    severity: "error",
    from: { path: from },
    to: { path: PROJECT, pathNot: [from, ...allowed] },
  };
}

/** A room may import of its house itself and the other rooms given. */
function within(house, room, others, name) {
  const allowed = [room, ...others].map((other) => `^${house}/${other}${other.endsWith(".ts") ? "$" : "/"}`);
  return {
    name,
    severity: "error",
    from: { path: `^${house}/${room}/` },
    to: { path: `^${house}/`, pathNot: allowed },
  };
}

/** The files of these topologies, in all layers: `offline-store` is `offlineStore` where it is an identifier too. */
function topologies(names) {
  const each = names.flatMap((name) => [name, name.replace(/-(.)/g, (_, letter) => letter.toUpperCase())]);
  return `^(access|automation|components)/topologies/(${each.join("|")})(/|\\.ts$)`;
}

function listed(rooms) {
  return rooms.length === 0 ? "no other room" : `${rooms.join(", ")} only`;
}

function entriesOf(folder) {
  const { exports } = require(`./${folder}/package.json`);
  const files = Object.values(exports).map((file) => file.replace("./", "").replaceAll(".", "\\."));
  return `^${folder}/(${files.join("|")})$`;
}
