// KMS with the AWS SDK: keys, their policies, grants, and encryption within and across accounts. Does not prove that the
// cipher is AWS's own: ciphertexts are the sandbox's.
import {
  CreateAliasCommand,
  CreateGrantCommand,
  CreateKeyCommand,
  DecryptCommand,
  DescribeKeyCommand,
  DisableKeyCommand,
  EncryptCommand,
  GenerateDataKeyCommand,
  GetKeyPolicyCommand,
  ListAliasesCommand,
  ListGrantsCommand,
  PutKeyPolicyCommand,
  ReEncryptCommand,
  RetireGrantCommand,
  RevokeGrantCommand,
  RotateKeyOnDemandCommand,
  ScheduleKeyDeletionCommand,
  type CreateKeyCommandInput,
} from "@aws-sdk/client-kms";
import { CreateRoleCommand, DeleteRoleCommand, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { expect } from "chai";
import { startSandbox, type Sandbox } from "../../packages/sandbox";
import { assume, clients, refusal, signedFetch, type Clients } from "./support";

const A = "111111111111";
const B = "222222222222";
const Plaintext = Buffer.from("features");
const allow = (principal: string, ...Action: string[]) => ({
  Effect: "Allow",
  Principal: { AWS: principal },
  Action,
  Resource: "*",
});
const policy = (...Statement: object[]) => JSON.stringify({ Version: "2012-10-17", Statement });
const root = (account: string) => `arn:aws:iam::${account}:root`;

describe("sandbox KMS", () => {
  let sandbox: Sandbox;
  let a: Clients;
  let b: Clients;
  before(async () => {
    sandbox = await startSandbox();
    const of = (id: string) =>
      clients(sandbox.endpoint, sandbox.accounts.find((each) => each.id === id) ?? sandbox.base, "us-east-1");
    [a, b] = [of(A), of(B)];
  });
  after(() => sandbox.close());

  const makeKey = async (input: CreateKeyCommandInput = {}) =>
    (await a.kms.send(new CreateKeyCommand(input))).KeyMetadata?.Arn ?? "";
  const encrypt = async (by: Clients, KeyId: string, EncryptionContext?: Record<string, string>) =>
    (await by.kms.send(new EncryptCommand({ KeyId, Plaintext, EncryptionContext }))).CiphertextBlob;
  const decrypt = async (
    by: Clients,
    CiphertextBlob: Uint8Array | undefined,
    EncryptionContext?: Record<string, string>,
  ) =>
    Buffer.from(
      (await by.kms.send(new DecryptCommand({ CiphertextBlob, EncryptionContext }))).Plaintext ?? [],
    ).toString();

  it("encrypts and decrypts under an encryption context, also after a rotation", async () => {
    const key = await makeKey();
    const blob = await encrypt(a, key, { group: "orders" });
    expect(await decrypt(a, blob, { group: "orders" })).to.equal("features");
    expect((await refusal(decrypt(a, blob))).name).to.equal("InvalidCiphertextException");
    expect((await refusal(decrypt(a, Buffer.from("anything at all")))).name).to.equal(
      "InvalidCiphertextException",
    );
    await a.kms.send(new RotateKeyOnDemandCommand({ KeyId: key }));
    expect(await decrypt(a, blob, { group: "orders" })).to.equal("features");
    expect(Buffer.from(blob ?? []).includes("features")).to.equal(false);
  });

  it("refuses a key that is not the ciphertext's, and re-encrypts between two", async () => {
    const [one, other] = [await makeKey(), await makeKey()];
    const blob = await encrypt(a, one);
    expect(
      (await refusal(a.kms.send(new DecryptCommand({ CiphertextBlob: blob, KeyId: other })))).name,
    ).to.equal("IncorrectKeyException");
    const moved = await a.kms.send(new ReEncryptCommand({ CiphertextBlob: blob, DestinationKeyId: other }));
    expect(moved).to.include({ SourceKeyId: one, KeyId: other });
    expect(await decrypt(a, moved.CiphertextBlob)).to.equal("features");
  });

  it("lets another account in by both sides only", async () => {
    const key = await makeKey();
    const blob = await encrypt(a, key);
    expect((await refusal(decrypt(b, blob))).name).to.equal("AccessDeniedException");
    await a.kms.send(
      new PutKeyPolicyCommand({
        KeyId: key,
        Policy: policy(allow(root(A), "kms:*"), allow(root(B), "kms:Decrypt")),
      }),
    );
    expect(await decrypt(b, blob)).to.equal("features");
    expect((await refusal(encrypt(b, key))).name).to.equal("AccessDeniedException");
    const limited = await roleOf(b, "no-kms", []);
    expect((await refusal(decrypt(limited, blob))).name).to.equal("AccessDeniedException");
    const reader = await roleOf(b, "reader", ["kms:Decrypt"]);
    expect(await decrypt(reader, blob)).to.equal("features");
  });

  it("does not let IAM alone into a key whose policy does not delegate", async () => {
    const only = await roleOf(a, "key-owner", ["kms:*"]);
    const owner = `arn:aws:iam::${A}:role/key-owner`;
    const made = await only.kms.send(new CreateKeyCommand({ Policy: policy(allow(owner, "kms:*")) }));
    const key = made.KeyMetadata?.Arn ?? "";
    expect((await refusal(encrypt(a, key))).name).to.equal("AccessDeniedException");
    expect(await decrypt(only, await encrypt(only, key))).to.equal("features");
  });

  it("refuses policies that lock their author out, or name who does not exist", async () => {
    const key = await makeKey();
    const put = (text: string) => refusal(a.kms.send(new PutKeyPolicyCommand({ KeyId: key, Policy: text })));
    expect(await put(policy(allow(root(B), "kms:*")))).to.deep.include({
      name: "MalformedPolicyDocumentException",
      status: 400,
    });
    expect(
      await put(policy(allow(root(A), "kms:*"), allow(`arn:aws:iam::${A}:role/nobody`, "kms:Decrypt"))),
    ).to.include({ name: "MalformedPolicyDocumentException" });
    expect((await put("{")).name).to.equal("MalformedPolicyDocumentException");
  });

  it("keeps statements without Action or Resource, and lets them have no effect", async () => {
    const { Resource: _r, ...noResource } = allow(root(B), "kms:*");
    const { Action: _a, ...noAction } = allow(root(B), "kms:*");
    const KeyId = await makeKey({ Policy: policy(allow(root(A), "kms:*"), noResource, noAction) });
    const shown = await a.kms.send(new GetKeyPolicyCommand({ KeyId }));
    expect((JSON.parse(shown.Policy ?? "") as { Statement: unknown[] }).Statement).to.have.length(3);
    expect((await refusal(encrypt(b, KeyId))).name).to.equal("AccessDeniedException");
    const change = (Policy: string) =>
      a.kms.send(new PutKeyPolicyCommand({ KeyId, PolicyName: "default", Policy }));
    // Nobody could change it again.
    expect((await refusal(change(policy(noResource)))).name).to.equal("MalformedPolicyDocumentException");
    await change(policy(allow(root(A), "kms:*"), allow(root(B), "kms:*")));
    await encrypt(b, KeyId);
  });

  it("keeps a deleted role's ID: one of the same name made again is not let in", async () => {
    const first = await roleOf(a, "short-lived", []);
    const arn = `arn:aws:iam::${A}:role/short-lived`;
    const key = await makeKey({ Policy: policy(allow(root(A), "kms:*"), allow(arn, "kms:Encrypt")) });
    await encrypt(first, key);
    await a.iam.send(new DeleteRoleCommand({ RoleName: "short-lived" }));
    const second = await roleOf(a, "short-lived", []);
    expect((await refusal(encrypt(second, key))).name).to.equal("AccessDeniedException");
    expect((await a.kms.send(new GetKeyPolicyCommand({ KeyId: key }))).Policy)
      .to.match(/AROA/)
      .and.not.contain(arn);
  });

  it("grants in place of the policy, within the grant's encryption context, until it is revoked", async () => {
    const key = await makeKey();
    const grantee = await roleOf(a, "grantee", []);
    const GranteePrincipal = `arn:aws:iam::${A}:role/grantee`;
    const { GrantId } = await a.kms.send(
      new CreateGrantCommand({
        KeyId: key,
        GranteePrincipal,
        Operations: ["Encrypt", "RetireGrant"],
        Constraints: { EncryptionContextSubset: { group: "orders" } },
      }),
    );
    await encrypt(grantee, key, { group: "orders", more: "x" });
    expect((await refusal(encrypt(grantee, key, { group: "customers" }))).name).to.equal(
      "AccessDeniedException",
    );
    expect(
      (
        await refusal(
          grantee.kms.send(
            new GenerateDataKeyCommand({
              KeyId: key,
              KeySpec: "AES_256",
              EncryptionContext: { group: "orders" },
            }),
          ),
        )
      ).name,
    ).to.equal("AccessDeniedException");
    expect(
      (await a.kms.send(new ListGrantsCommand({ KeyId: key }))).Grants?.map((grant) => grant.GrantId),
    ).to.deep.equal([GrantId]);
    await a.kms.send(new RevokeGrantCommand({ KeyId: key, GrantId }));
    expect((await refusal(encrypt(grantee, key, { group: "orders" }))).name).to.equal(
      "AccessDeniedException",
    );
    expect((await refusal(a.kms.send(new RetireGrantCommand({ KeyId: key, GrantId })))).name).to.equal(
      "NotFoundException",
    );
  });

  it("has aliases of its account, checked on the alias and on the key", async () => {
    const key = await makeKey();
    await a.kms.send(new CreateAliasCommand({ AliasName: "alias/features", TargetKeyId: key }));
    expect((await a.kms.send(new DescribeKeyCommand({ KeyId: "alias/features" }))).KeyMetadata?.Arn).to.equal(
      key,
    );
    expect(
      (await a.kms.send(new ListAliasesCommand({}))).Aliases?.map(({ AliasName }) => AliasName),
    ).to.include("alias/features");
    expect(
      (await b.kms.send(new ListAliasesCommand({}))).Aliases?.map(({ AliasName }) => AliasName),
    ).not.to.include("alias/features");
    expect(
      (await refusal(a.kms.send(new CreateAliasCommand({ AliasName: "alias/features", TargetKeyId: key }))))
        .name,
    ).to.equal("AlreadyExistsException");
    expect((await refusal(a.kms.send(new DescribeKeyCommand({ KeyId: "alias/nothing" })))).name).to.equal(
      "NotFoundException",
    );
  });

  it("keeps keys from use as their state and type say", async () => {
    const key = await makeKey();
    await a.kms.send(new DisableKeyCommand({ KeyId: key }));
    expect((await refusal(encrypt(a, key))).name).to.equal("DisabledException");
    await a.kms.send(new ScheduleKeyDeletionCommand({ KeyId: key, PendingWindowInDays: 7 }));
    expect((await refusal(encrypt(a, key))).name).to.equal("KMSInvalidStateException");
    const asymmetric = await makeKey({ KeySpec: "RSA_2048", KeyUsage: "ENCRYPT_DECRYPT" });
    expect(
      (await refusal(a.kms.send(new GenerateDataKeyCommand({ KeyId: asymmetric, KeySpec: "AES_256" })))).name,
    ).to.equal("InvalidKeyUsageException");
  });

  it("lets a role that may only make keys make one, by the default policy", async () => {
    const maker = await roleOf(a, "key-maker", ["kms:CreateKey"]);
    expect((await maker.kms.send(new CreateKeyCommand({}))).KeyMetadata?.KeyState).to.equal("Enabled");
  });

  it("does nothing for real where a dry run is asked for", async () => {
    const KeyId = await makeKey();
    const grant = { KeyId, GranteePrincipal: root(A), Operations: ["Encrypt" as const], DryRun: true };
    expect((await refusal(a.kms.send(new CreateGrantCommand(grant)))).message).to.contain("DryRun");
    expect((await a.kms.send(new ListGrantsCommand({ KeyId }))).Grants).to.deep.equal([]);
  });

  it("names an operation that it does not have", async () => {
    const { ListRetirableGrantsCommand, GetParametersForImportCommand } = await import("@aws-sdk/client-kms");
    expect(
      (await a.kms.send(new ListRetirableGrantsCommand({ RetiringPrincipal: root(A) }))).Grants,
    ).to.deep.equal([]);
    const key = await makeKey();
    const refused = await refusal(
      a.kms.send(
        new GetParametersForImportCommand({
          KeyId: key,
          WrappingAlgorithm: "RSAES_OAEP_SHA_256",
          WrappingKeySpec: "RSA_2048",
        }),
      ),
    );
    expect(refused.message).to.equal("The sandbox does not implement kms:GetParametersForImport");
  });

  it("answers a dry run with whether it would succeed, and changes nothing", async () => {
    const KeyId = await makeKey();
    const dry = async (by: Clients) =>
      (await refusal(by.kms.send(new EncryptCommand({ KeyId, Plaintext, DryRun: true })))).name;
    expect([await dry(a), await dry(b)]).to.deep.equal(["DryRunOperationException", "AccessDeniedException"]);
    const grant = { KeyId, GranteePrincipal: root(A), Operations: ["Decrypt" as const] };
    const asked = await refusal(a.kms.send(new CreateGrantCommand({ ...grant, DryRun: true })));
    expect(asked.name).to.equal("DryRunOperationException");
    expect((await a.kms.send(new ListGrantsCommand({ KeyId }))).Grants).to.deep.equal([]);
    const { GrantId } = await a.kms.send(new CreateGrantCommand(grant));
    await refusal(a.kms.send(new RevokeGrantCommand({ KeyId, GrantId, DryRun: true })));
    expect((await a.kms.send(new ListGrantsCommand({ KeyId }))).Grants).to.have.length(1);
  });

  it("refuses what it cannot hold a grant to, and requests of another form, in KMS's words", async () => {
    const KeyId = await makeKey();
    const Constraints = { SourceArn: `arn:aws:s3:us-east-1:${A}:bucket` };
    const wide = { KeyId, GranteePrincipal: root(A), Operations: ["Decrypt" as const], Constraints };
    const refused = await refusal(a.kms.send(new CreateGrantCommand(wide)));
    expect(refused.name).to.equal("UnsupportedOperationException");
    const typed = await signedFetch(sandbox.endpoint, a.keys, "kms", {
      headers: { "x-amz-target": "TrentService.TagResource", "content-type": "application/x-amz-json-1.1" },
      body: JSON.stringify({ KeyId, Tags: { TagKey: "team" } }),
    });
    expect(typed.status).to.equal(400);
    expect(typed.text).to.include("SerializationException");
  });

  /** A role that its account's administrator may assume, allowed these actions on everything. */
  async function roleOf(account: Clients, RoleName: string, Action: string[]): Promise<Clients> {
    const id = account === a ? A : B;
    await account.iam.send(
      new CreateRoleCommand({
        RoleName,
        AssumeRolePolicyDocument: JSON.stringify({
          Version: "2012-10-17",
          Statement: { Effect: "Allow", Principal: { AWS: root(id) }, Action: "sts:AssumeRole" },
        }),
      }),
    );
    if (Action.length > 0)
      await account.iam.send(
        new PutRolePolicyCommand({
          RoleName,
          PolicyName: "p",
          PolicyDocument: JSON.stringify({
            Version: "2012-10-17",
            Statement: { Effect: "Allow", Action, Resource: "*" },
          }),
        }),
      );
    return clients(
      sandbox.endpoint,
      await assume(account.sts, `arn:aws:iam::${id}:role/${RoleName}`),
      "us-east-1",
    );
  }
});
