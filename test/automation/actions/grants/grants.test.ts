// Feature Store's grants: whose they are, which are orphans, and what is refused; as literal grants, and read from a sandbox with the AWS SDK.
// How AWS itself names a feature group in its grants is not documented: see automation/grants/grants.ts. The command is proven by
// test/integration/keys.test.ts.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CreateGrantCommand, CreateKeyCommand } from "@aws-sdk/client-kms";
import { CreateFeatureGroupCommand } from "@aws-sdk/client-sagemaker";
import { expect } from "chai";
import type { AccountClientConfig } from "../../../../automation/environment/accountSessions";
import { ExitCode } from "../../../../automation/model/errors";
import {
  groupGrants,
  groupOf,
  judged,
  type DescribedGroup,
  type ListedGrant,
} from "../../../../automation/actions/grants/grants";
import { readGrants } from "../../../../automation/actions/grants/readGrants";
import { refusalToRevoke } from "../../../../automation/actions/grants/refusal";
import { grantLines } from "../../../../automation/report/grants";
import { grantsCode } from "../../../../automation/cli/exitCodes";
import { ofGroup } from "../../../../automation/cli/commands/grants";
import { startSandbox, type Sandbox } from "../../../../packages/sandbox";
import { A, groupArn, groupOf as groupRequest, region, whenNot } from "../../../sandbox/featureGroups";
import { clients, type Clients } from "../../../sandbox/support";

const KEY = `arn:aws:kms:${region}:${A}:key/k-1`;
const MADE = new Date("2026-01-31T12:00:00Z");
const grant = (id: string, more: Partial<ListedGrant> = {}): ListedGrant => ({
  id,
  key: KEY,
  grantee: "sagemaker.amazonaws.com",
  created: MADE,
  operations: ["Decrypt"],
  encryptionContext: { "aws:sagemaker:featureGroupArn": groupArn("customers") },
  ...more,
});
const group = (more: Partial<DescribedGroup> = {}): DescribedGroup => ({
  name: "Customers",
  arn: groupArn("customers"),
  status: "Created",
  created: MADE,
  online: true,
  onlineKey: KEY,
  ...more,
});
const without = (grants: ListedGrant[], groups: DescribedGroup[]) =>
  judged(grants, groups).map(({ id, state, because = "" }) => `${id} ${state} ${because}`.trim());

describe("Feature Store's grants", () => {
  it("are for the group whose ARN is in their encryption context, or whose name is in theirs", () => {
    expect(groupOf(grant("g"))).to.equal("customers");
    expect(groupOf(grant("g", { encryptionContext: { anything: groupArn("Orders") } }))).to.equal("orders");
    expect(groupOf(grant("g", { encryptionContext: {}, name: "feature-store:web_clicks" }))).to.equal(
      "web_clicks",
    );
    expect(groupOf(grant("g", { encryptionContext: { table: "customers" } }))).to.equal(undefined);
  });

  it("are in use, orphans, unknown, or not Feature Store's", () => {
    expect(without([grant("g")], [group()])).to.deep.equal(["g inUse"]);
    expect(without([grant("g")], [group({ onlineKey: "k-1" })])).to.deep.equal(["g inUse"]);
    expect(without([grant("g")], [])).to.deep.equal(["g orphan there is no such feature group"]);
    expect(without([grant("g")], [group({ onlineKey: `${KEY}2` })])).to.deep.equal([
      `g orphan its online store is encrypted under ${KEY}2`,
    ]);
    const { onlineKey: _, ...plain } = group();
    expect(without([grant("g")], [plain])[0]).to.contain("AWS's own key");
    expect(without([grant("g")], [{ ...plain, online: false }])[0]).to.contain("no online store");
    expect(without([grant("g", { encryptionContext: {} })], [group()])).to.deep.equal(["g unknown"]);
    const other = grant("g", { encryptionContext: {}, grantee: `arn:aws:iam::${A}:role/backup` });
    expect(without([other], [group()])).to.deep.equal(["g foreign"]);
  });

  it("of a group that was made again are the newer ones; a single old one is never taken for an orphan", () => {
    const old = grant("old", { created: new Date("2025-01-01T00:00:00Z") });
    expect(without([old, grant("new")], [group()])).to.deep.equal([
      "old orphan it was made for a deleted group of the same name",
      "new inUse",
    ]);
    expect(without([old], [group()])).to.deep.equal(["old inUse"]);
  });

  it("are missed where an online store has a key and no grant", () => {
    const [broken, absent] = groupGrants(["customers", "orders"], [group()], judged([], [group()]));
    expect(broken).to.include({ state: "missing", onlineKey: KEY });
    expect(absent).to.include({ state: "absent" });
    const stores = [{ account: "A", groups: broken ? [broken] : [], grants: [] }];
    expect(grantsCode(stores)).to.equal(ExitCode.drift);
    expect(grantLines(stores).join("\n")).to.contain("BROKEN");
  });

  it("are not revoked while they may be in use, unless that is asked for; others' never", () => {
    const refused = (state: "inUse" | "orphan" | "unknown" | "foreign", breakStore = false) =>
      refusalToRevoke({ ...grant("g"), state, group: "customers" }, breakStore);
    expect(refused("orphan")).to.equal(undefined);
    for (const state of ["inUse", "unknown"] as const) {
      expect(refused(state)).to.include({ exitCode: ExitCode.grantInUse });
      expect(refused(state, true)).to.equal(undefined);
    }
    expect(refused("inUse")?.message).to.contain("GetRecord").and.contain("customers");
    expect(refused("foreign", true)).to.include({ exitCode: ExitCode.grantInUse });
  });

  it("of one group are found by its name, and another name is an error that says which there are", () => {
    const known = judged([grant("g")], [group()]);
    const stores = [{ account: "A", groups: groupGrants(["Customers"], [group()], known), grants: known }];
    expect(ofGroup(stores, "customers")[0]?.grants).to.have.length(1);
    expect(() => ofGroup(stores, "shoppers")).to.throw("shoppers");
  });

  describe("on a sandbox's keys", () => {
    let sandbox: Sandbox;
    let state: string;
    let a: Clients;
    before(async () => {
      state = mkdtempSync(join(tmpdir(), "grants-"));
      sandbox = await startSandbox({ state });
      const [keys] = sandbox.accounts;
      if (!keys) throw new Error("an account was expected");
      a = clients(sandbox.endpoint, keys);
    });
    after(async () => {
      await sandbox.close();
      rmSync(state, { recursive: true });
    });

    it("are read with all their pages, and mapped to the groups that SageMaker made them for", async () => {
      const key = (await a.kms.send(new CreateKeyCommand({}))).KeyMetadata?.Arn ?? "";
      const SecurityConfig = { KmsKeyId: key };
      const request = groupRequest("Customers", {
        OnlineStoreConfig: { EnableOnlineStore: true, SecurityConfig },
      });
      await a.sagemaker.send(new CreateFeatureGroupCommand(request));
      await whenNot("Creating", a, "Customers");
      for (let index = 0; index < 60; index++)
        await a.kms.send(
          new CreateGrantCommand({
            KeyId: key,
            GranteePrincipal: "sagemaker.amazonaws.com",
            Operations: ["Decrypt"],
            Name: `left-${index}`,
            Constraints: { EncryptionContextEquals: { arn: groupArn(`gone-${index}`) } },
          }),
        );
      const { accessKeyId, secretAccessKey } = a.keys;
      const credentials = { accessKeyId, secretAccessKey };
      const config = { region, endpoint: sandbox.endpoint, credentials } as unknown as AccountClientConfig;
      const store = { account: "A", groups: ["Customers", "orders"], keys: [key] };
      const { groups, grants } = await readGrants(store, config);
      expect(groups.map(({ name, state: of }) => [name, of])).to.deep.equal([
        ["Customers", "granted"],
        ["orders", "absent"],
      ]);
      expect(grants.filter((each) => each.state === "inUse").map((each) => each.group)).to.deep.equal([
        "Customers",
      ]);
      expect(grants.filter((each) => each.state === "orphan")).to.have.length(60);
    });
  });
});
