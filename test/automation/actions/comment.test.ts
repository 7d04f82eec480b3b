// The sticky comment, against a server that speaks the part of GitHub's REST API that it needs. That GitHub itself answers
// so is from its documentation.
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { pullRequestOf } from "../../../automation/actions/comment/pullRequest";
import { postSticky, COMMENT_LIMIT, readComment } from "../../../automation/actions/comment/sticky";
import { ExitCode, UserError } from "../../../automation/model/errors";
import { marker } from "../../../automation/report/markdown";

const TOKEN = "ghp_secret-of-this-test";
const BODY = `${marker("dev")}\n## Preview\n`;

interface Comment {
  id: number;
  body: string;
  html_url: string;
  user: { login: string };
}

/** Repository `shop/features`, pull request 7. */
class FakeGitHub {
  comments: Comment[] = [];
  /** Who the token is; a workflow's token may not ask. */
  user?: string;
  fail?: { status: number; message: string };
  readonly requests: string[] = [];
  private readonly server: Server = createServer((request, response) => {
    void this.answer(request).then(({ status, body, headers }) => {
      response.writeHead(status, { "content-type": "application/json", ...headers });
      response.end(JSON.stringify(body));
    });
  });

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    return this.url;
  }
  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }
  end(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
  add(login: string, body: string): Comment {
    const id = this.comments.length + 1;
    const comment = { id, body, html_url: `https://github.test/${id}`, user: { login } };
    this.comments.push(comment);
    return comment;
  }

  private async answer(request: IncomingMessage) {
    let text = "";
    for await (const part of request) text += String(part);
    const url = new URL(request.url ?? "", this.url);
    this.requests.push(`${request.method} ${url.pathname}`);
    const refuse = (status: number, message: string) => ({ status, body: { message }, headers: {} });
    if (request.headers.authorization !== `token ${TOKEN}`) return refuse(401, "Bad credentials");
    if (url.pathname === "/user")
      return this.user
        ? { status: 200, body: { login: this.user }, headers: {} }
        : refuse(403, "Resource not accessible by integration");
    if (this.fail) return refuse(this.fail.status, this.fail.message);
    const list = "/repos/shop/features/issues/7/comments";
    const { body } = text === "" ? { body: "" } : (JSON.parse(text) as { body: string });
    if (request.method === "GET" && url.pathname === list) return this.page(url);
    if (request.method === "POST" && url.pathname === list)
      return { status: 201, body: this.add(this.user ?? "github-actions[bot]", body), headers: {} };
    const [, id] = /^\/repos\/shop\/features\/issues\/comments\/(\d+)$/.exec(url.pathname) ?? [];
    const found = this.comments.find((comment) => comment.id === Number(id));
    if (request.method !== "PATCH" || !found) return refuse(404, "Not Found");
    found.body = body;
    return { status: 200, body: found, headers: {} };
  }

  private page(url: URL) {
    const page = Number(url.searchParams.get("page") ?? 1);
    const size = Number(url.searchParams.get("per_page") ?? 30);
    const next = new URL(url);
    next.searchParams.set("page", String(page + 1));
    const more = page * size < this.comments.length;
    return {
      status: 200,
      body: this.comments.slice((page - 1) * size, page * size),
      headers: more ? { link: `<${next.href}>; rel="next"` } : {},
    };
  }
}

describe("the sticky comment", () => {
  let github: FakeGitHub;
  beforeEach(async () => {
    github = new FakeGitHub();
    await github.start();
  });
  afterEach(() => github.end());

  const post = (body = BODY, token = TOKEN) =>
    postSticky(body, { owner: "shop", repo: "features", number: 7, token, apiUrl: github.url });
  const refused = async (work: Promise<unknown>) => {
    const error = await work.then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(error).to.be.instanceOf(UserError);
    return error as UserError;
  };

  it("is posted once, and then updated in its place", async () => {
    expect(await post()).to.deep.include({ action: "created", url: "https://github.test/1" });
    expect((await post()).action).to.equal("unchanged");
    expect((await post(`${BODY}more\n`)).action).to.equal("updated");
    expect(github.comments.map(({ body }) => body)).to.deep.equal([`${BODY}more\n`]);
  });

  it("is found behind hundreds of others, and nobody else's is touched", async () => {
    for (let count = 0; count < 250; count++) github.add("reviewer", `looks good ${count}`);
    github.add("mallory", BODY);
    const own = github.add("github-actions[bot]", `${BODY}old\n`);
    expect(await post()).to.deep.include({ action: "updated", url: own.html_url });
    expect(github.comments.find(({ user }) => user.login === "mallory")?.body).to.equal(BODY);
  });

  it("is one for each environment", async () => {
    await post();
    await post(`${marker("prod")}\nx\n`);
    expect(github.comments).to.have.length(2);
  });

  it("is by the token's own user where that may be asked", async () => {
    github.user = "deploy-person";
    github.add("github-actions[bot]", BODY);
    expect((await post()).action).to.equal("created");
    expect((await post(`${BODY}x`)).action).to.equal("updated");
  });

  for (const [status, words] of [
    [403, "pull-requests: write"],
    [404, "--repo and --pr"],
    [422, "invalid"],
  ] as const)
    it(`says what to do when GitHub answers ${status}`, async () => {
      github.fail = { status, message: `no: ${TOKEN}` };
      const error = await refused(post());
      expect(error.exitCode).to.equal(ExitCode.github);
      expect(error.advice).to.contain(words);
      expect(`${error.message}${error.stack}`).not.to.contain(TOKEN);
    });

  it("says so when the token is not valid, without the token", async () => {
    const error = await refused(post(BODY, "ghp_wrong-one"));
    expect(error.message).to.contain("401").and.not.to.contain("ghp_wrong-one");
  });
});

describe("what is to be posted, and where", () => {
  let folder: string;
  before(() => (folder = mkdtempSync(join(tmpdir(), "comment-"))));
  after(() => rmSync(folder, { recursive: true, force: true }));
  const file = (content: string) => {
    const path = join(folder, "comment.md");
    writeFileSync(path, content);
    return path;
  };

  it("is refused without its marker, or if it is too long", () => {
    expect(readComment(file(BODY))).to.equal(BODY);
    expect(() => readComment(file("hello"))).to.throw(UserError, "marker");
    expect(() => readComment(file(BODY + "x".repeat(COMMENT_LIMIT)))).to.throw(UserError, "characters");
    expect(() => readComment(join(folder, "none.md"))).to.throw(UserError, "cannot read");
  });

  it("is told by the workflow, or by the options", () => {
    const env = { GITHUB_REPOSITORY: "shop/features", GITHUB_REF: "refs/pull/12/merge" };
    expect(pullRequestOf({}, env)).to.deep.equal({ owner: "shop", repo: "features", number: 12 });
    expect(pullRequestOf({ repo: "a/b", pr: 3 }, env)).to.deep.equal({ owner: "a", repo: "b", number: 3 });
    const GITHUB_EVENT_PATH = file(JSON.stringify({ pull_request: { number: 9 } }));
    expect(pullRequestOf({ repo: "a/b" }, { GITHUB_EVENT_PATH }).number).to.equal(9);
    expect(() => pullRequestOf({}, {})).to.throw(UserError, "repository");
    expect(() => pullRequestOf({ repo: "a/b" }, {})).to.throw(UserError, "pull request");
    expect(() => pullRequestOf({ repo: "a b", pr: 1 }, {})).to.throw(UserError, '"a b"');
  });
});
