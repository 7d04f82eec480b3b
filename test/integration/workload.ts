/** What docs/consume.md's test runs the documented code in: a consumer's container, as far as its code can tell. */
import { createServer, type Server } from "node:http";
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { assume, clients } from "../sandbox/support";
import { PROJECT, type Ended, type TestBed } from "./support";

/** What the container's credentials endpoint asks for in `authorization`. */
export const TOKEN = "container-token";

/** The document's code blocks that have a title, as files of that name. @returns the folder */
export function extract(folder: string): string {
  mkdirSync(folder);
  const text = readFileSync(join(PROJECT, "docs", "consume.md"), "utf8");
  const blocks = [...text.matchAll(/^```\w+ title="([\w.]+)"\n([\s\S]*?)^```$/gm)];
  for (const [, name = "", code = ""] of blocks) writeFileSync(join(folder, name), code);
  const names = blocks.map(([, name]) => name);
  expect(names).to.have.members([
    "central_store.py",
    "online.py",
    "training.py",
    "frame.py",
    "endpoint.mjs",
    "query.mjs",
  ]);
  symlinkSync(join(PROJECT, "node_modules"), join(folder, "node_modules"));
  return folder;
}

/** The endpoint that a SageMaker container has for its role's credentials. Source: SDKs and Tools Reference Guide, "Container credential provider". */
export async function containerCredentials({ sandbox }: TestBed, roleArn: string): Promise<Server> {
  const account = roleArn.split(":")[4];
  const base = clients(sandbox.endpoint, sandbox.base, "us-east-1");
  const deployer = await assume(base.sts, `arn:aws:iam::${account}:role/deployer`);
  const keys = await assume(clients(sandbox.endpoint, deployer, "us-east-1").sts, roleArn);
  const answer = {
    RoleArn: roleArn,
    AccessKeyId: keys.accessKeyId,
    SecretAccessKey: keys.secretAccessKey,
    Token: keys.sessionToken,
    Expiration: new Date(Date.now() + 3600_000).toISOString(),
  };
  const server = createServer((request, response) => {
    const known = request.headers.authorization === TOKEN;
    response.writeHead(known ? 200 : 403, { "content-type": "application/json" });
    response.end(known ? JSON.stringify(answer) : "{}");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return server;
}

export function succeeded(ended: Ended): Ended {
  expect(ended.code, ended.stderr).to.equal(0);
  return ended;
}

/** Each line of output as JSON. */
export function lines(ended: Ended): unknown[] {
  return succeeded(ended)
    .stdout.split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as unknown);
}

/** Waits until the command prints it: records take a while to reach the offline store. */
export async function eventually(expected: string, run: () => Promise<Ended>): Promise<void> {
  let last = "";
  for (let tries = 0; tries < 40 && last !== expected; tries++) {
    if (tries > 0) await new Promise((resolve) => setTimeout(resolve, 250));
    last = succeeded(await run()).stdout.trim();
  }
  expect(last).to.equal(expected);
}
