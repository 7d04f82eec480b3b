// The keys of the stores: what the settings take and refuse, what is made for each choice, and that everything else follows the chosen keys.
// That AWS takes the policies is proven on the sandbox (test/sandbox/seedKeys.test.ts, test/integration/keys.test.ts).
import { expect } from "chai";
import { evaluate, type PolicyDocument } from "@feature-store-access/iam";
import { Accounts } from "../../components/accounts";
import {
  documentedOnlineStoreKeyPolicy,
  onlineStoreKeyPolicy,
} from "../../components/policies/onlineStoreKey";
import { parseSettings, SettingsError } from "../../components/settings";
import { stages } from "../../components/stages";
import { facts, granted, documentsOf, keys as ownerFacts, B } from "./assumedRole-world";
import { devSettings, registering, useMocks, type Registered } from "./support";

type Raw = Record<string, any>;
const A = "111111111111";
const GIVEN = `arn:aws:kms:us-east-1:${A}:key/11111111-2222-3333-4444-555555555555`;
const GIVEN_B = GIVEN.replace(A, B);

function faultsOf(change: (raw: Raw) => void): Record<string, string> {
  const raw: Raw = devSettings();
  change(raw);
  try {
    parseSettings(raw);
    return {};
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    return Object.fromEntries(error.errors.map(({ path, message }) => [path, message]));
  }
}

const withKeys = (store: "offlineStore" | "centralStore", keys: object) => (raw: Raw) => {
  raw[store].keys = keys;
  // Administrators are of keys that are made here.
  delete raw[store].keyAdministrators;
};

describe("settings of keys", () => {
  const cases: [string, (raw: Raw) => void, string, string][] = [
    [
      "a word that is none",
      withKeys("centralStore", { online: "mine" }),
      "centralStore.keys.online",
      "own, shared, aws",
    ],
    [
      "an alias",
      withKeys("centralStore", { online: "alias/mine" }),
      "centralStore.keys.online",
      "is an alias",
    ],
    [
      "a shared key for the offline store itself",
      withKeys("centralStore", { offline: "shared" }),
      "centralStore.keys.offline",
      "own, aws",
    ],
    [
      "a key of the other account",
      withKeys("offlineStore", { offline: GIVEN_B }),
      "offlineStore.keys.offline",
      "account A",
    ],
    [
      "a key of another Region",
      withKeys("centralStore", { online: GIVEN_B.replace("us-east-1", "us-west-2") }),
      "centralStore.keys.online",
      "in us-west-2",
    ],
    [
      "AWS's key offline across accounts",
      withKeys("offlineStore", { offline: "aws" }),
      "offlineStore.keys.offline",
      "cannot work across accounts",
    ],
    [
      "nothing to share",
      withKeys("centralStore", { online: "shared", offline: "aws" }),
      "centralStore.keys.online",
      "no key to share",
    ],
    [
      "ViaService on a shared key",
      withKeys("centralStore", { online: "shared", viaService: true }),
      "centralStore.keys.viaService",
      "CreateFeatureGroup would fail",
    ],
    [
      "ViaService on one given key for both",
      withKeys("centralStore", { online: GIVEN_B, offline: GIVEN_B, viaService: true }),
      "centralStore.keys.viaService",
      "CreateFeatureGroup would fail",
    ],
    [
      "ViaService without a key",
      withKeys("offlineStore", { viaService: true }),
      "offlineStore.keys.viaService",
      "there is none",
    ],
    [
      "ViaService on a given key",
      withKeys("centralStore", { online: GIVEN_B, viaService: true }),
      "centralStore.keys.viaService",
      "the owner of",
    ],
    [
      "what is of own keys where there are none",
      withKeys("offlineStore", { offline: GIVEN, multiRegion: true }),
      "offlineStore.keys.multiRegion",
      "the store has none",
    ],
    [
      "administrators of no key",
      (raw) => {
        raw["offlineStore"].keys = { offline: GIVEN };
        raw["offlineStore"].keyAdministrators = [`arn:aws:iam::${A}:role/Administrator`];
      },
      "offlineStore.keyAdministrators",
      "existing key's policy",
    ],
    [
      "keeping a key that is used",
      withKeys("centralStore", { keepOwn: ["offline"] }),
      "centralStore.keys.keepOwn[0]",
      "kept anyway",
    ],
    [
      "more administrators than a key policy holds",
      (raw) => {
        raw["offlineStore"].keys = { online: "own" };
        raw["offlineStore"].keyAdministrators = Array.from(
          { length: 800 },
          (_, index) => `arn:aws:iam::${A}:role/administrator-${index}`,
        );
      },
      "offlineStore.keyAdministrators",
      "32,768",
    ],
  ];
  for (const [name, change, path, message] of cases)
    it(`refuses ${name}`, () => {
      const faults = faultsOf(change);
      expect(faults).to.have.property(path);
      expect(faults[path]).to.contain(message);
    });

  it("takes every choice that can work", () => {
    for (const keys of [
      {},
      { online: "own", viaService: true, multiRegion: true, sageMakerReads: false, enableRotation: false },
      { online: "shared" },
      { online: "aws", offline: GIVEN, keepOwn: ["offline"] },
      { online: GIVEN, offline: GIVEN },
    ])
      expect(faultsOf(withKeys("offlineStore", keys)), JSON.stringify(keys)).to.deep.equal({});
    for (const keys of [
      { online: "aws", offline: "aws" },
      { online: GIVEN_B, offline: "aws" },
      { online: "shared" },
    ])
      expect(faultsOf(withKeys("centralStore", keys)), JSON.stringify(keys)).to.deep.equal({});
  });
});

describe("what is made for each choice of keys", () => {
  before(useMocks);

  const made = async (change: (raw: Raw) => void): Promise<Registered[]> => {
    const raw: Raw = devSettings();
    change(raw);
    const settings = parseSettings(raw);
    return registering(() => {
      const given: Record<string, Record<string, any>> = {};
      const accounts = new Accounts(settings);
      for (const stage of stages(settings)) given[stage.name] = stage.program({ settings, accounts }, given);
      return Object.values(given);
    });
  };
  const keysOf = (all: Registered[], prefix: string) =>
    all
      .filter(({ type, name }) => type === "aws:kms/key:Key" && name.startsWith(prefix))
      .map(({ name }) => name)
      .sort();
  const group = (all: Registered[], name: string) =>
    all.find(
      ({ type, inputs }) =>
        type === "aws:sagemaker/featureGroup:FeatureGroup" && inputs.featureGroupName === name,
    )?.inputs;
  const only = (store: string) => (raw: Raw) => {
    if (store === "offlineStore") {
      delete raw["centralStore"];
      delete raw["consumers"];
    } else delete raw["offlineStore"];
  };
  const choosing = (store: "offlineStore" | "centralStore", keys: object) => (raw: Raw) => {
    only(store)(raw);
    withKeys(store, keys)(raw);
  };

  it("is, by default, AWS's own online and one key offline across accounts, and two keys in the central store", async () => {
    const offline = await made(choosing("offlineStore", {}));
    expect(keysOf(offline, "writer")).to.deep.equal(["writer-key"]);
    expect(group(offline, "customers")?.onlineStoreConfig).not.to.have.property("securityConfig");
    const central = await made(choosing("centralStore", {}));
    expect(keysOf(central, "central")).to.deep.equal([
      "central-store-offline-key",
      "central-store-online-key",
    ]);
    for (const { inputs } of central.filter(({ type }) => type === "aws:kms/key:Key")) {
      expect(inputs).to.include({ enableKeyRotation: true, deletionWindowInDays: 30 });
      expect(inputs).not.to.have.any.keys("multiRegion", "customerMasterKeySpec", "keyUsage");
    }
  });

  it("is an own online key, multi-Region and through SageMaker only, where that is asked for", async () => {
    const all = await made(
      choosing("offlineStore", { online: "own", viaService: true, multiRegion: true, enableRotation: false }),
    );
    expect(keysOf(all, "writer")).to.deep.equal(["writer-key", "writer-online-key"]);
    const online = all.find(({ name }) => name === "writer-online-key")?.inputs;
    expect(online).to.include({ multiRegion: true, enableKeyRotation: false });
    expect(online?.policy).to.contain("kms:ViaService");
    const offline = all.find(({ name }) => name === "writer-key")?.inputs;
    expect(offline?.policy).not.to.contain("sagemaker.*.amazonaws.com");
    expect(group(all, "customers")?.onlineStoreConfig.securityConfig.kmsKeyId).to.be.a("string");
  });

  it("is one key for both stores where it is shared, in one statement of the consumers' roles", async () => {
    const all = await made(choosing("centralStore", { online: "shared" }));
    expect(keysOf(all, "central")).to.deep.equal(["central-store-offline-key"]);
    const access = all.filter(({ name }) => /^cross-account-.*-access/.test(name));
    const statements = access.flatMap(
      ({ inputs }) =>
        (JSON.parse(inputs.policy) as { Statement: { Sid: string; Action: unknown }[] }).Statement,
    );
    const decrypting = statements.filter(({ Action }) => Action === "kms:Decrypt").map(({ Sid }) => Sid);
    expect(new Set(decrypting)).to.deep.equal(new Set(["DecryptStore"]));
  });

  it("is no key where all are given, and everything names those", async () => {
    const all = await made(choosing("offlineStore", { online: GIVEN, offline: GIVEN }));
    expect(all.filter(({ type }) => type.startsWith("aws:kms/"))).to.deep.equal([]);
    const customers = group(all, "customers");
    expect(customers?.onlineStoreConfig.securityConfig.kmsKeyId).to.equal(GIVEN);
    expect(customers?.offlineStoreConfig.s3StorageConfig.kmsKeyId).to.equal(GIVEN);
    const policies = all
      .filter(({ type }) => /rolePolicy|bucketPolicy/i.test(type))
      .map(({ inputs }) => String(inputs.policy));
    expect(policies.every((text) => text.includes(GIVEN))).to.equal(true);
  });

  it("is no key and no permission on one where AWS's own are chosen", async () => {
    const all = await made(choosing("centralStore", { online: "aws", offline: "aws" }));
    expect(all.filter(({ type }) => type.startsWith("aws:kms/"))).to.deep.equal([]);
    expect(JSON.stringify(all.filter(({ name }) => name.startsWith("cross-account")))).not.to.contain(
      "kms:Decrypt",
    );
    const rule = all.find(({ name }) => name === "central-store-encryption")?.inputs.rules[0];
    expect(rule.applyServerSideEncryptionByDefault).to.deep.equal({ sseAlgorithm: "aws:kms" });
  });

  it("is also the key that was used before, where it is to be kept", async () => {
    const all = await made(choosing("offlineStore", { offline: GIVEN, keepOwn: ["offline"] }));
    expect(keysOf(all, "writer")).to.deep.equal(["writer-key"]);
    expect(group(all, "customers")?.offlineStoreConfig.s3StorageConfig.kmsKeyId).to.equal(GIVEN);
  });
});

describe("an online store's key policy", () => {
  const arn = `arn:aws:kms:us-east-1:${B}:key/online`;
  const everything: PolicyDocument = {
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }],
  };
  const may = (resource: PolicyDocument, action: string, service?: string) =>
    evaluate(
      {
        principal: `arn:aws:sts::${B}:assumed-role/deployer/x`,
        action,
        resource: arn,
        resourceAccount: B,
        context: service === undefined ? {} : { "kms:ViaService": `${service}.us-east-1.amazonaws.com` },
      },
      { identity: [everything], resource },
    ).result === "Allowed";

  it("with viaService lets the account's IAM use it through SageMaker only, and administer it", () => {
    const exact = onlineStoreKeyPolicy({ ...ownerFacts, viaService: true });
    expect(may(exact, "kms:Decrypt", "sagemaker")).to.equal(true);
    expect(may(exact, "kms:CreateGrant", "sagemaker")).to.equal(true);
    expect(may(exact, "kms:Decrypt")).to.equal(false);
    expect(may(exact, "kms:Decrypt", "s3")).to.equal(false);
    expect(may(exact, "kms:CreateGrant")).to.equal(false);
    for (const action of [
      "kms:PutKeyPolicy",
      "kms:ScheduleKeyDeletion",
      "kms:RevokeGrant",
      "kms:RotateKeyOnDemand",
    ])
      expect(may(exact, action), action).to.equal(true);
    // Beside kms:* without it, as in the document, the condition limits nobody whom IAM lets in.
    const documented = documentedOnlineStoreKeyPolicy({ ...ownerFacts, viaService: true });
    expect(may(documented, "kms:Decrypt")).to.equal(true);
  });

  it("gives administrators RevokeGrant, and the service its look only where that is wanted", () => {
    const principal = `arn:aws:sts::${B}:assumed-role/Admin/x`;
    const of = { resource: arn, resourceAccount: B };
    const seen = onlineStoreKeyPolicy(ownerFacts);
    expect(
      evaluate({ ...of, principal, action: "kms:RevokeGrant" }, { identity: [], resource: seen }).result,
    ).to.equal("Allowed");
    const service = { ...of, principal: "sagemaker.amazonaws.com", action: "kms:DescribeKey" };
    expect(evaluate(service, { identity: [], resource: seen }).result).to.equal("Allowed");
    const unseen = onlineStoreKeyPolicy({ ...ownerFacts, sageMakerReads: false });
    expect(evaluate(service, { identity: [], resource: unseen }).result).to.equal("ImplicitlyDenied");
  });
});

describe("a consumer's access to keys that are one", () => {
  it("is one statement, for both services", () => {
    const known = {
      ...facts([granted("alpha", ["readOnline", "readOffline"])]),
      onlineKeyArn: facts([]).offlineKeyArn ?? "",
    };
    const decrypting = documentsOf(known)
      .flatMap(({ Statement }) => Statement)
      .filter(({ Action }) => Action === "kms:Decrypt");
    expect(decrypting).to.have.length(1);
    expect(decrypting[0]?.Condition).to.deep.equal({
      StringEquals: { "kms:ViaService": ["sagemaker.us-east-1.amazonaws.com", "s3.us-east-1.amazonaws.com"] },
    });
  });
});
