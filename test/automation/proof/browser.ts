/** A real browser: of CHROMIUM, on PATH, or from the registry, where it is a Chromium for Linux on x64. */
import { spawnSync } from "node:child_process";
import { chromium, type Browser } from "playwright-core";

const ON_PATH = ["chromium", "chromium-browser", "google-chrome"];

/** @returns undefined where there is none: not on Linux on x64, and none is installed */
export async function openBrowser(): Promise<Browser | undefined> {
  const own = process.env["CHROMIUM"] ?? ON_PATH.find((name) => spawnSync(name, ["--version"]).status === 0);
  // As root, as in many a container, Chromium has no sandbox of its own; the page that it opens is this test's.
  const args = ["--no-sandbox", "--disable-gpu"];
  if (own !== undefined) return chromium.launch({ executablePath: pathOf(own), args });
  if (process.platform !== "linux" || process.arch !== "x64") return undefined;
  const { default: packed } = await import("@sparticuz/chromium");
  return chromium.launch({ executablePath: await packed.executablePath(), args });
}

function pathOf(name: string): string {
  return name.includes("/") ? name : spawnSync("which", [name]).stdout.toString().trim();
}
