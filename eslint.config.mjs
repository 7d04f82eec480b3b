// The lint rules, among them the arrows of docs/architecture.md: which room may import which.
import tseslint from "typescript-eslint";
import importX from "eslint-plugin-import-x";
import prettier from "eslint-config-prettier";

const room = (name) => `./${name}`;
/** `target` may not import anything of `from` except what `except` names. */
const wall = (target, from, why, except = []) => ({
  target: room(target),
  from: room(from),
  except,
  message: why,
});

export default tseslint.config(
  { ignores: ["node_modules/", "dist/", ".sandbox/"] },
  ...tseslint.configs.recommendedTypeChecked,
  prettier,
  {
    languageOptions: {
      parserOptions: {
        projectService: { allowDefaultProject: ["eslint.config.mjs"] },
        tsconfigRootDir: import.meta.dirname,
      },
    },
    plugins: { "import-x": importX },
    settings: { "import-x/resolver": { node: { extensions: [".ts", ".js", ".json"] } } },
    rules: {
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      "@typescript-eslint/restrict-template-expressions": [
        "error",
        { allowNumber: true, allowBoolean: true },
      ],
      "@typescript-eslint/switch-exhaustiveness-check": [
        "error",
        { considerDefaultExhaustiveForUnions: true },
      ],
      eqeqeq: ["error", "smart"],
      "import-x/no-cycle": "error",
      "import-x/no-restricted-paths": [
        "error",
        {
          basePath: import.meta.dirname,
          zones: [
            wall("components", "automation", "components know nothing of the driver"),
            wall("components", "access", "components make policies; what they grant is judged elsewhere"),
            wall("components", "sandbox", "the product does not know the sandbox"),
            wall("automation", "sandbox", "the product does not know the sandbox"),
            wall("access", "automation", "access knows policies and resource shapes only"),
            wall("access", "components", "access knows policies and resource shapes only"),
            wall("access", "sandbox", "access knows policies and resource shapes only"),
            wall("sandbox", "automation", "the sandbox uses access/ and nothing else of the product"),
            wall("sandbox", "components", "the sandbox uses access/ and nothing else of the product"),
            wall("components/policies", "components", "policies are pure functions of their facts", [
              "./policies",
            ]),
          ],
        },
      ],
    },
  },
  {
    files: ["components/**/*.ts", "access/**/*.ts", "index.ts"],
    rules: {
      "no-restricted-imports": [
        "error",
        {
          paths: [
            { name: "@pulumi/pulumi/automation", message: "only automation/ may use the Automation API" },
          ],
        },
      ],
    },
  },
  {
    files: ["components/policies/**/*.ts", "access/**/*.ts"],
    rules: {
      "no-restricted-imports": [
        "error",
        { patterns: [{ group: ["@pulumi/*"], message: "pure: no Pulumi here" }] },
      ],
    },
  },
  {
    files: ["test/**/*.ts", "bench/**/*.ts"],
    rules: {
      "@typescript-eslint/no-unused-expressions": "off",
      "@typescript-eslint/no-unsafe-assignment": "off",
      "@typescript-eslint/no-unsafe-member-access": "off",
      "@typescript-eslint/no-unsafe-argument": "off",
      "@typescript-eslint/no-unsafe-call": "off",
      "@typescript-eslint/no-unsafe-return": "off",
    },
  },
);
