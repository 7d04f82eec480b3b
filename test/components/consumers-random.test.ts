// Random settings of the assumed-role topology: right ones are taken, and one thing wrong is found where it is.
import { expect } from "chai";
import fc from "fast-check";
import { parseSettings, SettingsError } from "../../components/settings";
import type { Raw } from "./consumerFaults";
import { devSettings } from "./support";

/** The faults, by path, of the development environment's settings with a change. */
function faultsOf(change: (raw: Raw) => void, raw: Raw = devSettings()): Record<string, string> {
  change(raw);
  try {
    parseSettings(raw);
    return {};
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    return Object.fromEntries(error.errors.map(({ path, message }) => [path, message]));
  }
}

/** Random settings that are right: any consumers of any groups, in A or in accounts of their own. */
const permissions = fc.subarray(["readOnline", "readOffline", "write"], { minLength: 1 });
const valid = fc
  .record({
    groups: fc.uniqueArray(fc.stringMatching(/^[a-zA-Z0-9]([_-]?[a-zA-Z0-9]){0,15}$/), {
      minLength: 1,
      maxLength: 5,
      selector: (name) => name.toLowerCase(),
    }),
    consumers: fc.uniqueArray(
      fc.record({
        name: fc.stringMatching(/^[a-z][a-z0-9]{1,10}(-[a-z0-9]{1,8}){0,2}$/),
        own: fc.boolean(),
        externalId: fc.option(fc.stringMatching(/^[\w+=,.@:/-]{2,40}$/), { nil: undefined }),
        prefix: fc.option(fc.stringMatching(/^[a-z0-9_]{1,10}(\/[a-z0-9_]{1,10}){0,2}$/), { nil: undefined }),
        access: fc.array(permissions, { minLength: 1, maxLength: 5 }),
      }),
      { minLength: 1, maxLength: 4, selector: ({ name }) => name },
    ),
  })
  .map(({ groups, consumers }): Raw => {
    const raw = devSettings() as Raw;
    const [template] = raw["centralStore"].featureGroups;
    raw["centralStore"].featureGroups = groups.map((name) => ({ ...template, name }));
    raw["consumers"] = Object.fromEntries(
      consumers.map(({ name, own, externalId, prefix, access }, index) => {
        const id = String(400000000000 + index);
        return [
          name,
          {
            ...(own
              ? { account: { id, region: "eu-west-1", deployerRoleArn: `arn:aws:iam::${id}:role/deployer` } }
              : {}),
            ...(externalId === undefined ? {} : { externalId }),
            resultsBucket: { name: `results-of-${index}`, ...(prefix === undefined ? {} : { prefix }) },
            access: Object.fromEntries(access.slice(0, groups.length).map((list, at) => [groups[at], list])),
          },
        ];
      }),
    );
    return raw;
  });

const first = (raw: Raw): [string, Raw] => Object.entries(raw["consumers"])[0] as [string, Raw];

/** Single changes that are wrong, each with the path of its fault. */
const MUTATIONS: readonly ((raw: Raw) => string)[] = [
  (raw) => {
    const [name, consumer] = first(raw);
    consumer["access"].nowhere99 = ["write"];
    return `consumers.${name}.access.nowhere99`;
  },
  (raw) => {
    const [name, consumer] = first(raw);
    consumer["resultsBucket"].name = "Upper";
    return `consumers.${name}.resultsBucket.name`;
  },
  (raw) => {
    const [name, consumer] = first(raw);
    consumer["resultsBucket"].name = raw["centralStore"].bucketName;
    return `consumers.${name}.resultsBucket.name`;
  },
  (raw) => {
    const [name, consumer] = first(raw);
    delete consumer["access"];
    return `consumers.${name}.access`;
  },
  (raw) => {
    const [name, consumer] = first(raw);
    consumer["executionRoleArn"] = "arn:aws:iam::999999999999:role/x";
    return `consumers.${name}.executionRoleArn`;
  },
  (raw) => {
    const [name, consumer] = first(raw);
    consumer["surprise"] = true;
    return `consumers.${name}.surprise`;
  },
  (raw) => {
    raw["centralStore"].featureGroups[0].eventTime = "nothing";
    return "centralStore.featureGroups[0].eventTime";
  },
  (raw) => {
    raw["centralStore"].keyDeletionWindowDays = 6;
    return "centralStore.keyDeletionWindowDays";
  },
  (raw) => {
    raw["accountB"].id = 222222222222;
    return "accountB.id";
  },
];

describe("random settings", () => {
  it("that are right are taken, frozen all through, and the same each time", () => {
    fc.assert(
      fc.property(valid, (raw) => {
        const settings = parseSettings(raw);
        expect(settings).to.deep.equal(parseSettings(structuredClone(raw)));
        const frozen = (value: unknown): boolean =>
          typeof value !== "object" ||
          value === null ||
          (Object.isFrozen(value) && Object.values(value).every(frozen));
        expect(frozen(settings)).to.equal(true);
        for (const { name, account } of settings.consumers)
          expect(account).to.equal(raw["consumers"][name].account ? name : "A");
      }),
      { numRuns: 60 },
    );
  });

  it("with one thing wrong are refused at its path, and nowhere else", () => {
    fc.assert(
      fc.property(valid, fc.constantFrom(...MUTATIONS), (raw, mutate) => {
        let path = "";
        const faults = faultsOf((changed) => (path = mutate(changed)), raw);
        expect(Object.keys(faults)).to.deep.equal([path]);
      }),
      { numRuns: 100 },
    );
  });
});
