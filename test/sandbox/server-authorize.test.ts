/**
 * The gate that every access goes through: which policies and condition keys it gathers, and how it words a denial. Literal
 * messages are AWS's ("Troubleshoot access denied error messages"). It does not prove policy evaluation: see test/access.
 */
import { expect } from "chai";
import type { PolicyDocument } from "@feature-store-access/iam";
import { prepareAccounts } from "../../packages/sandbox/identity/accounts";
import {
  callAs,
  callVia,
  type AccessCheck,
  type AwsError,
  type Call,
  type Caller,
} from "../../packages/sandbox/core";
import { entityKey, newId, policies, roles, type Role } from "../../packages/sandbox/identity/state";
import { services } from "../../packages/sandbox/registry";
import { memoryStore } from "../../packages/sandbox/store/store";
import { createWorld } from "../../packages/sandbox/world";

const A = "111111111111";
const B = "222222222222";
const statement = (Effect: "Allow" | "Deny", Action: string, more: object = {}): PolicyDocument => ({
  Version: "2012-10-17",
  Statement: [{ Effect, Action, ...more }],
});
const inline = (Effect: "Allow" | "Deny", Action: string, more: object = {}) =>
  JSON.stringify(statement(Effect, Action, { Resource: "*", ...more }));

describe("sandbox authorization", () => {
  const now = new Date("2026-01-02T03:04:05Z");
  const store = memoryStore();
  prepareAccounts(store, [], now);
  const world = createWorld(store, services, () => now);

  function role(name: string, policy: Record<string, string>, more: Partial<Role> = {}): Caller {
    const arn = `arn:aws:iam::${A}:role/${name}`;
    const made: Role = {
      account: A,
      name,
      path: "/",
      id: newId("AROA"),
      arn,
      created: now.toISOString(),
      tags: [],
      inline: policy,
      attached: [],
      trust: statement("Allow", "sts:AssumeRole", { Principal: { AWS: A } }),
      maxSessionDuration: 3600,
      ...more,
    };
    roles(store).set(entityKey(A, name), made);
    const session = world.principals.roleCaller(arn, "s");
    if (!session) throw new Error("the role that was just made is missing");
    return session;
  }

  const callOf = (caller: Caller): Call => ({ caller, region: "eu-central-1", requestId: "r", context: {} });
  const bucket = (action: string, more: Partial<AccessCheck> = {}): AccessCheck => ({
    action,
    resource: "arn:aws:s3:::b/k",
    resourceAccount: A,
    ...more,
  });
  function refusedAs(caller: Caller, check: AccessCheck): AwsError {
    try {
      world.authorize(callOf(caller), check);
    } catch (error) {
      return error as AwsError;
    }
    throw new Error("the access was expected to be denied");
  }

  it("words denials as AWS does", () => {
    const who = `User: arn:aws:sts::${A}:assumed-role/nothing/s is not authorized to perform:`;
    const nothing = role("nothing", {});
    expect(refusedAs(nothing, bucket("s3:GetObject")).message).to.equal(
      `${who} s3:GetObject on resource: "arn:aws:s3:::b/k" because no identity-based policy allows the s3:GetObject action`,
    );
    const deny = statement("Deny", "s3:*", { Principal: "*", Resource: "*" });
    expect(refusedAs(nothing, bucket("s3:GetObject", { resourcePolicy: deny })).message).to.equal(
      `${who} s3:GetObject on resource: "arn:aws:s3:::b/k" with an explicit deny in a resource-based policy`,
    );
    const some = role("some", { p: inline("Allow", "*"), q: inline("Deny", "s3:PutObject") });
    expect(refusedAs(some, bucket("s3:PutObject")).message).to.match(
      /with an explicit deny in an identity-based policy$/,
    );
    expect(refusedAs(some, bucket("s3:GetObject", { resourceAccount: B })).message).to.match(
      /because no resource-based policy allows the s3:GetObject action$/,
    );
    const described = { action: "sagemaker:DescribeFeatureGroup", resource: "arn:x", resourceAccount: A };
    const json = refusedAs(nothing, { ...described, code: "AccessDeniedException" });
    expect([json.code, json.status]).to.deep.equal(["AccessDeniedException", 400]);
  });

  it("hides from other accounts whether a key is there", () => {
    const key = `arn:aws:kms:eu-central-1:${B}:key/1`;
    const check = { action: "kms:Decrypt", resource: key, resourceAccount: B };
    const user = role("kms", { p: inline("Allow", "kms:*") });
    expect(refusedAs(user, check).message).to.equal(
      `User: arn:aws:sts::${A}:assumed-role/kms/s is not authorized to perform: kms:Decrypt on resource: ${key} because the resource does not exist in this Region, no resource-based policies allow access, or a resource-based policy explicitly denies access`,
    );
    const own = refusedAs(user, { ...check, resource: key.replace(B, A), resourceAccount: A });
    expect(own.message).to.match(/because no resource-based policy allows the kms:Decrypt action$/);
  });

  it("tells nobody anything who is anonymous", () => {
    const anonymous: Caller = {
      kind: "anonymous",
      arn: "anonymous",
      principalArn: "anonymous",
      account: "",
      userId: "anonymous",
    };
    const error = refusedAs(anonymous, bucket("s3:GetObject"));
    expect([error.code, error.status, error.message]).to.deep.equal(["AccessDenied", 403, "Access Denied"]);
    const open = statement("Allow", "s3:GetObject", { Principal: "*", Resource: "*" });
    world.authorize(callOf(anonymous), bucket("s3:GetObject", { resourcePolicy: open }));
  });

  it("gathers inline and attached policies, and the boundary; a managed policy that is gone allows nothing", () => {
    const arn = `arn:aws:iam::${A}:policy/own`;
    const read = role("gathers", {}, { attached: ["arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess", arn] });
    expect(world.allowed(callOf(read), bucket("s3:GetObject"))).to.equal(true);
    expect(world.allowed(callOf(read), bucket("s3:PutObject"))).to.equal(false);
    const created = now.toISOString();
    const own = {
      account: A,
      name: "own",
      path: "/",
      id: newId("ANPA"),
      arn,
      created,
      updated: created,
      tags: [],
    };
    const versions = [
      { id: "v1", document: inline("Allow", "s3:PutObject"), created },
      { id: "v2", document: inline("Allow", "s3:DeleteObject"), created },
    ];
    policies(store).set(arn, { ...own, versions, defaultVersion: "v2", lastVersion: 2 });
    expect(world.allowed(callOf(read), bucket("s3:PutObject"))).to.equal(false);
    expect(world.allowed(callOf(read), bucket("s3:DeleteObject"))).to.equal(true);
    const bounded = role("bounded", { p: inline("Allow", "s3:*") }, { boundary: arn });
    expect(world.allowed(callOf(bounded), bucket("s3:DeleteObject"))).to.equal(true);
    expect(refusedAs(bounded, bucket("s3:PutObject")).message).to.contain(
      "because no permissions boundary allows",
    );
  });

  it("knows the condition keys of principal, time and call", () => {
    const keys: Record<string, string> = {
      "aws:PrincipalArn": `arn:aws:iam::${A}:role/conditions`,
      "aws:PrincipalAccount": A,
      "aws:PrincipalType": "AssumedRole",
      "aws:PrincipalIsAWSService": "false",
      "aws:PrincipalTag/team": "ml",
      "aws:ResourceAccount": A,
      "aws:CurrentTime": "2026-01-02T03:04:05.000Z",
      "aws:EpochTime": "1767323045",
      "s3:x-amz-acl": "private",
    };
    const policy = inline("Allow", "s3:PutObject", { Condition: { StringEquals: keys } });
    const tagged = role("conditions", { p: policy }, { tags: [{ Key: "team", Value: "ml" }] });
    const check = bucket("s3:PutObject", { context: { "s3:x-amz-acl": "private" } });
    expect(world.allowed(callOf(tagged), check)).to.equal(true);
    expect(world.allowed(callOf(tagged), bucket("s3:PutObject"))).to.equal(false);
    const via = inline("Allow", "kms:Decrypt", {
      Condition: {
        StringEquals: { "kms:ViaService": "s3.eu-central-1.amazonaws.com" },
        Bool: { "aws:ViaAWSService": "true" },
      },
    });
    const through = callOf(role("via", { p: via }));
    const key: AccessCheck = {
      action: "kms:Decrypt",
      resource: `arn:aws:kms:eu-central-1:${A}:key/1`,
      resourceAccount: A,
      resourcePolicy: statement("Allow", "kms:*", {
        Principal: { AWS: `arn:aws:iam::${A}:root` },
        Resource: "*",
      }),
    };
    expect(world.allowed(through, key)).to.equal(false);
    expect(world.allowed(callVia(through, "s3"), key)).to.equal(true);
  });

  it("lets a kept policy match the role that it named, not one made anew under that name", () => {
    const first = role("again", {});
    const asked = statement("Allow", "s3:GetObject", {
      Principal: { AWS: first.principalArn },
      Resource: "*",
    });
    const kept = world.principals.keep(asked, "MalformedPolicy");
    expect(JSON.stringify(kept)).to.match(/"AWS":"AROA[A-Z2-7]{17}"/);
    expect(world.principals.show(kept)).to.deep.equal(asked);
    const check = bucket("s3:GetObject", { resourcePolicy: kept });
    expect(world.allowed(callOf(first), check)).to.equal(true);
    const second = role("again", {});
    expect(world.allowed(callOf(second), check)).to.equal(false);
    expect(world.allowed(callOf(first), check)).to.equal(true); // its ID is still what the policy says
    expect(world.principals.show(kept)).to.deep.equal(kept);
  });

  it("refuses principals that do not exist, in each service's words", () => {
    const bad = statement("Allow", "s3:*", {
      Principal: { AWS: [A, `arn:aws:iam::${A}:role/nobody`] },
      Resource: "*",
    });
    const refusal = (
      code: "MalformedPolicy" | "MalformedPolicyDocument" | "MalformedPolicyDocumentException",
    ) => {
      try {
        world.principals.keep(bad, code);
      } catch (error) {
        return (error as AwsError).message;
      }
      return "kept";
    };
    expect(refusal("MalformedPolicy")).to.equal("Invalid principal in policy");
    expect(refusal("MalformedPolicyDocument")).to.equal(
      `Invalid principal in policy: "AWS":"arn:aws:iam::${A}:role/nobody"`,
    );
    expect(refusal("MalformedPolicyDocumentException")).to.equal(
      "Policy contains a statement with one or more invalid principals.",
    );
    // IAM writes the kind of a service in capitals.
    const service = statement("Allow", "sts:AssumeRole", { Principal: { Service: "sagemaker" } });
    expect(() => world.principals.keep(service, "MalformedPolicyDocument")).to.throw(
      'Invalid principal in policy: "SERVICE":"sagemaker"',
    );
  });

  it("lets a service act by its own name", () => {
    const service: Caller = {
      kind: "service",
      arn: "sagemaker.amazonaws.com",
      principalArn: "sagemaker.amazonaws.com",
      account: "",
      userId: "",
    };
    const trust = statement("Allow", "sts:AssumeRole", { Principal: { Service: "sagemaker.amazonaws.com" } });
    const check = {
      action: "sts:AssumeRole",
      resource: `arn:aws:iam::${A}:role/x`,
      resourceAccount: A,
      resourcePolicy: trust,
    };
    const someone = callOf(role("someone", {}));
    expect(world.allowed(callAs(someone, service), check)).to.equal(true);
    expect(world.allowed(someone, check)).to.equal(false);
  });
});
