/**
 * The variables that point clients at a sandbox, and how they are printed for a shell. Does not prove that clients heed
 * them (exec.test.ts shows it for an SDK, the end-to-end tests for the engine).
 */
import { expect } from "chai";
import * as fc from "fast-check";
import { execFileSync } from "node:child_process";
import { delimiter, join, resolve } from "node:path";
import { shellLines, withoutScripts } from "../../../tools/local/env";
import { over, sandboxEnvironment } from "../../../tools/local/environment";

const STATE = resolve("/state of/dev");
const SANDBOX = {
  endpoint: "http://127.0.0.1:4580",
  base: { id: "999999999999", accessKeyId: "AKIAEXAMPLE", secretAccessKey: "secret" },
};
const environment = (outer: NodeJS.ProcessEnv = {}) =>
  sandboxEnvironment(STATE, SANDBOX, { directory: "/engine/bin" }, outer);

describe("the sandbox's environment", () => {
  it("is complete", () => {
    const set = Object.entries(environment({ PATH: "/usr/bin" })).filter(([, value]) => value !== undefined);
    expect(Object.fromEntries(set)).to.deep.equal({
      AWS_ENDPOINT_URL: "http://127.0.0.1:4580",
      AWS_ACCESS_KEY_ID: "AKIAEXAMPLE",
      AWS_SECRET_ACCESS_KEY: "secret",
      AWS_REGION: "us-east-1",
      AWS_DEFAULT_REGION: "us-east-1",
      AWS_CONFIG_FILE: join(STATE, "aws", "config"),
      AWS_SHARED_CREDENTIALS_FILE: join(STATE, "aws", "credentials"),
      AWS_EC2_METADATA_DISABLED: "true",
      AWS_PAGER: "",
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
      HTTP_PROXY: "http://127.0.0.1:4580",
      NO_PROXY: "127.0.0.1",
      no_proxy: "127.0.0.1",
      PULUMI_HOME: join(STATE, "pulumi-home"),
      PULUMI_BACKEND_URL: "file:///state%20of/dev/pulumi-state",
      PULUMI_CONFIG_PASSPHRASE: "sandbox",
      PULUMI_SKIP_UPDATE_CHECK: "true",
      PULUMI_NODEJS_TRANSPILE_ONLY: "true",
      PATH: ["/engine/bin", "/usr/bin"].join(delimiter),
    });
  });

  it("lets nothing of the user's own AWS and Pulumi settings through", () => {
    const foreign = {
      AWS_PROFILE: "work",
      AWS_SESSION_TOKEN: "token",
      AWS_ROLE_ARN: "arn:aws:iam::123456789012:role/work",
      AWS_WEB_IDENTITY_TOKEN_FILE: "/token",
      AWS_CONTAINER_CREDENTIALS_FULL_URI: "http://169.254.170.2/",
      AWS_USE_FIPS_ENDPOINT: "true",
      AWS_ENDPOINT_URL_S3: "https://s3.example.com",
      AWS_ENDPOINT_URL_SAGEMAKER_FEATURESTORE_RUNTIME: "https://example.com",
      TF_AWS_STS_ENDPOINT: "https://sts.example.com",
      AWS_KMS_ENDPOINT: "https://kms.example.com",
      PULUMI_CONFIG_PASSPHRASE_FILE: "/passphrase",
      PULUMI_STACK: "production",
    };
    const outer = { ...foreign, HOME: "/home/me", AWS_ACCESS_KEY_ID: "AKIAWORK" };
    const result = over(outer, environment(outer));
    expect(result).not.to.have.any.keys(...Object.keys(foreign));
    expect(result).to.include({ HOME: "/home/me", AWS_ACCESS_KEY_ID: "AKIAEXAMPLE" });
  });

  it("gives the real provider a PULUMI_HOME without the small one", () => {
    expect(environment({ SANDBOX_PROVIDER: "aws" })["PULUMI_HOME"]).to.equal(join(STATE, "pulumi-home-aws"));
  });

  it("goes past the user's proxies, and adds to what goes past them already", () => {
    expect(environment({ no_proxy: "a.example" })).to.include({ no_proxy: "a.example,127.0.0.1" });
    const result = environment({ HTTP_PROXY: "http://proxy:3128", NO_PROXY: "a.example" });
    expect(result).to.include({
      HTTP_PROXY: SANDBOX.endpoint,
      NO_PROXY: "a.example,127.0.0.1",
      no_proxy: "a.example,127.0.0.1",
    });
    expect(environment({ https_proxy: "http://proxy", ...result })["NO_PROXY"]).to.equal(
      "a.example,127.0.0.1",
    );
  });

  it("puts the engine first on PATH, once", () => {
    const once = environment({ PATH: ["/usr/bin", "/bin"].join(delimiter) })["PATH"];
    expect(environment({ PATH: once })["PATH"]).to.equal(once);
  });
});

describe("exports for a shell", () => {
  it("gives any value to the shell as it is", () => {
    const text = fc.string({ unit: "grapheme" }).filter((value) => !value.includes("\0"));
    fc.assert(
      fc.property(text, (value) => {
        const script = `${shellLines({ VALUE: value })}\nprintf %s "$VALUE"`;
        expect(execFileSync("/bin/sh", ["-c", script]).toString()).to.equal(value);
      }),
      { numRuns: 40 },
    );
  });

  it("takes away what must not be there", () => {
    const script = `AWS_PROFILE=x; ${shellLines({ AWS_PROFILE: undefined })}; echo "\${AWS_PROFILE-none}"`;
    expect(execFileSync("/bin/sh", ["-c", script]).toString()).to.equal("none\n");
  });

  it("leaves out the folders that npm put on PATH, and only those in front", () => {
    const bin = (folder: string) => join(folder, "node_modules", ".bin");
    const added = [bin("/home/me/project"), bin("/home/me"), bin("/home"), bin("/"), "/npm/node-gyp-bin"];
    const own = ["/usr/bin", bin("/home/me/project"), "/bin"];
    const path = [...added, ...own].join(delimiter);
    expect(withoutScripts(path, "/home/me/project")).to.equal(own.join(delimiter));
    expect(withoutScripts(own.join(delimiter), "/home/me/project")).to.equal(own.join(delimiter));
    expect(withoutScripts(added.join(delimiter), "/home/me/project")).to.equal(added.join(delimiter));
  });
});
