/**
 * The access page in a real browser: it loads nothing, is filtered by actor, action and resource, says why, and stays usable
 * on a phone, by keyboard, and with 200 actors. Not proven: how it sounds in a screen reader, and other browsers.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect } from "chai";
import type { Browser, Page } from "playwright-core";
import { diffAccess } from "../../../access/diff";
import { permissionsOf } from "../../../access/permissions";
import { pageData, type PageData } from "../../../automation/report/page/data";
import { pageHtml } from "../../../automation/report/page/html";
import type { AccessProof } from "../../../automation/proof/proveAccess";
import { openBrowser } from "./browser";
import { changed, multiplied, planned, proofOf, statement, type Plan } from "./plan";

async function access(plan: Plan, before?: Plan): Promise<AccessProof> {
  const proof = await proofOf(plan);
  const side = async (of: Plan) => {
    const { model, catalog, intents, ceilings } = await proofOf(of);
    return { permissions: permissionsOf(model, catalog), intents, ceilings, isBroad: false };
  };
  return {
    env: "dev</script><b>",
    subject: "the plan",
    side: { name: "", ...plan },
    proof,
    errors: proof.findings,
    warnings: [],
    ...(before ? { diff: { ...diffAccess(await side(before), await side(plan)), against: "main" } } : {}),
  };
}

/** Names of the colours whose contrast with either ground is under 4.5, as WCAG 2.2 asks for text (1.4.3). */
const FAINT = `(() => {
  const style = getComputedStyle(document.documentElement);
  const light = (name) => {
    const [r, g, b] = style.getPropertyValue(name).trim().slice(1).match(/../g).map((hex) => {
      const part = parseInt(hex, 16) / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (a, b) => (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  return ["--text", "--quiet", "--accent", "--bad", "--warn", "--good"].filter((name) =>
    ["--ground", "--raised"].some((ground) => contrast(light(name), light(ground)) < 4.5));
})()`;

describe("access page", function () {
  this.timeout(60_000);
  const folder = mkdtempSync(join(tmpdir(), "access-page-"));
  let browser: Browser | undefined;
  let plan: Plan;

  before(async function () {
    plan = await planned();
    browser = await openBrowser();
    if (!browser)
      console.log("no browser here: set CHROMIUM to the path of one to try the access page in it");
  });
  after(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Opens the page, and fails at any error in it and any request but for itself. */
  async function open(
    data: PageData,
    view: object = {},
  ): Promise<{ page: Page; faults: string[] } | undefined> {
    if (!browser) return undefined;
    const file = join(folder, `${Math.random()}.html`);
    writeFileSync(file, pageHtml(data));
    const page = await browser.newPage({ viewport: { width: 1200, height: 900 }, ...view });
    const faults: string[] = [];
    page.on("pageerror", ({ message }) => faults.push(message));
    page.on("console", (message) => message.type() === "error" && faults.push(message.text()));
    page.on("request", (request) => request.url() !== pathToFileURL(file).href && faults.push(request.url()));
    await page.goto(pathToFileURL(file).href);
    return { page, faults };
  }
  const filter = async (page: Page, id: string, text: string) => {
    await page.fill(`#${id}`, text);
    await page.waitForTimeout(250);
  };

  it("shows who can do what, and loads nothing", async () => {
    const opened = await open(pageData(await access(plan)));
    if (!opened) return;
    const { page, faults } = opened;
    expect(await page.title()).to.equal("Access of dev</script><b>");
    expect(await page.locator("#summary").textContent()).to.match(/59 of 59 intents hold.*No findings/);
    expect(await page.locator("tbody tr").count()).to.be.greaterThan(8);
    expect(await page.locator("#graph path").count()).to.be.greaterThan(20);
    // A service has no stage to leave out of its name.
    expect(await page.locator("#graph").textContent()).to.contain("sagemaker.amazonaws.com");
    expect(faults).to.deep.equal([]);
    await page.close();
  });

  it("is filtered by actor, action and resource, and says why", async () => {
    const opened = await open(pageData(await access(plan)));
    if (!opened) return;
    const { page } = opened;
    await filter(page, "actor", "cross-account-fraud-scoring-role");
    await filter(page, "action", "sagemaker:PutRecord");
    expect(await page.locator("tbody tr").count()).to.equal(1);
    expect(await page.locator("tbody td button").count()).to.equal(1);
    expect(await page.locator("tbody td button").getAttribute("aria-label")).to.match(
      /may .*write centralStore\.central-store-payments$/,
    );
    await page.locator("tbody td button").click();
    expect(await page.locator("#detail").textContent()).to.match(
      /write: .*sagemaker:PutRecord.*"ReadWriteRecords"/s,
    );
    await page.getByRole("button", { name: "Clear" }).click();
    await filter(page, "resource", "read feature group payments offline");
    await page.locator("#intents details").first().locator("summary").click();
    await page.locator("#intents details[open] li").first().waitFor();
    expect(await page.locator("#intents details").first().textContent()).to.match(/FindTables/);
    await page.close();
  });

  it("shows what is wrong, and what changes", async () => {
    const wider = changed(
      plan,
      statement("offline-bucket-policy", "S3CrossAccountBucketAccess", (each) => (each.Principal = "*")),
    );
    const opened = await open(pageData(await access(wider, plan)));
    if (!opened) return;
    const { page, faults } = opened;
    expect(await page.locator("#findings").textContent()).to.match(/PUBLIC: .*lets in anyone/);
    expect(await page.locator("#diff").textContent()).to.match(
      /Gained, and no setting explains it.*anyone may/s,
    );
    expect(faults).to.deep.equal([]);
    await page.close();
  });

  it("is readable on a phone, and usable by keyboard", async () => {
    const opened = await open(pageData(await access(plan)), { viewport: { width: 360, height: 740 } });
    if (!opened) return;
    const { page } = opened;
    expect(await page.evaluate("document.documentElement.scrollWidth")).to.be.at.most(360);
    await page.keyboard.press("Tab");
    expect(await page.evaluate("document.activeElement.textContent")).to.equal("Skip to who can do what");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    expect(await page.evaluate("document.activeElement.id")).to.equal("intents-title");
    await page.locator("tbody td button").first().focus();
    await page.keyboard.press("Enter");
    expect(await page.locator("#detail h3").count()).to.equal(1);
    expect(
      await page.evaluate(
        'document.getElementById("detail").getBoundingClientRect().top < window.innerHeight - 20',
      ),
    ).to.equal(true);
    expect(
      await page.evaluate(
        '[...document.querySelectorAll("button, input")].every((each) => each.textContent !== "" || each.labels.length > 0 || each.ariaLabel)',
      ),
    ).to.equal(true);
    await page.close();
  });

  it("keeps headings clear of the filters, and everything readable against its ground", async () => {
    for (const colorScheme of ["light", "dark"] as const) {
      const opened = await open(pageData(await access(plan)), { colorScheme });
      if (!opened) return;
      const { page } = opened;
      await page.locator(".skip").first().focus();
      await page.keyboard.press("Enter");
      const below = `document.getElementById("matrix-title").getBoundingClientRect().top >= document.getElementById("filters").getBoundingClientRect().bottom`;
      expect(await page.evaluate(below)).to.equal(true);
      expect(await page.evaluate(FAINT)).to.deep.equal([]);
      await page.close();
    }
  });

  it("takes 200 actors", async () => {
    const many = multiplied(plan, "fraud-scoring", 100);
    const opened = await open(pageData(await access(many)));
    if (!opened) return;
    const { page, faults } = opened;
    expect(await page.locator("tbody tr").count()).to.be.greaterThan(200);
    await filter(page, "actor", "team-77");
    expect(await page.locator("tbody tr").count()).to.be.within(2, 4);
    expect(faults).to.deep.equal([]);
    await page.close();
  });
});
