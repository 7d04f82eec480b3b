/**
 * Checks a stage's program against the rules of the policy pack, in the driver's own process: each resource just before the
 * engine registers it, so that an update creates nothing that breaks a rule.
 */
import * as pulumi from "@pulumi/pulumi";
import type { PulumiFn } from "@pulumi/pulumi/automation";
import {
  UNKNOWN,
  violationsOf,
  violationsOfStack,
  type DeclaredResource,
  type RuleContext,
  type Violation,
} from "../../policy-pack/rules";
import { accountOf, type Settings } from "../../components/settings";
import { storesOf } from "../../components/topologies";
import { SECRET_SIGNATURE, SIGNATURE_KEY } from "../graph/wiring";

const ROOT_TYPE = "pulumi:pulumi:Stack";

/** The rules' configuration from an environment's settings: policies may name principals of its accounts. */
export function ruleContext(settings: Settings): RuleContext {
  const { accounts, policyMode, protectData } = settings;
  const ids = Object.values(accounts).map(({ id }) => id);
  const keys = storesOf(settings).map((store) => store.settings.keys);
  return {
    allowedAccountIds: [...new Set(ids)].sort(),
    policyMode,
    protectData,
    unrotatedKeys: keys.some(({ enableRotation }) => !enableRotation),
    awsManagedKeys: keys.some(({ offline }) => offline === "aws"),
  };
}

export interface PolicyCheckOptions {
  /** Settings of the whole environment. */
  readonly settings: Settings;
  /** Name of the program's account in the settings. */
  readonly account: string;
  /** True: a resource that breaks a rule is not registered, and so not created. False, for a preview: all are checked. */
  readonly refuse: boolean;
}

export class PolicyCheck {
  private readonly seen: DeclaredResource[] = [];
  private readonly found: Violation[] = [];
  private readonly context: RuleContext;
  private readonly account: string;

  constructor(private readonly options: PolicyCheckOptions) {
    this.context = ruleContext(options.settings);
    this.account = accountOf(options.settings, options.account).id;
  }

  /** The program, with each resource checked before its registration. */
  over(program: PulumiFn): PulumiFn {
    return () => {
      const stack = `urn:pulumi:${pulumi.getStack()}::${pulumi.getProject()}::`;
      pulumi.runtime.registerResourceTransform(async ({ custom, type, name, props, opts }) => {
        if (!custom) return undefined;
        const parent = await parentTypes(opts.parent);
        this.look({
          urn: `${stack}${parent}${type}::${name}`,
          type,
          name,
          inputs: (await plain(props)) as Record<string, unknown>,
          protect: opts.protect ?? false,
          retainOnDelete: opts.retainOnDelete ?? false,
          account: this.account,
        });
        return undefined;
      });
      return program();
    };
  }

  /** All violations of the program; complete once the engine has run it. */
  violations(): readonly Violation[] {
    return [...this.found, ...violationsOfStack(this.seen, this.context)];
  }

  /** Violations of single resources: all that is known if the program did not run to its end. */
  refused(): readonly Violation[] {
    return this.found;
  }

  private look(resource: DeclaredResource): void {
    const violations = violationsOf(resource, this.context);
    this.seen.push(resource);
    this.found.push(...violations);
    // The engine shows this text; the report shows the violations themselves.
    if (this.options.refuse && violations.length > 0)
      throw new Error(violations.map(({ rule, problem }) => `${rule}: ${problem}`).join("; "));
  }
}

/** `feature-store-access:offline-store:Writer$`: the part of a URN that is its parents' types. */
async function parentTypes(parent: pulumi.Resource | undefined): Promise<string> {
  const urn = parent && (await promised(parent.urn));
  const types = typeof urn === "string" ? urn.split("::")[2] : undefined;
  return types === undefined || types === ROOT_TYPE ? "" : `${types}$`;
}

/** The value as plain data: outputs resolved, secrets decrypted (and never shown), unknowns as the rules' own marker. */
async function plain(value: unknown): Promise<unknown> {
  if (pulumi.isUnknown(value)) return UNKNOWN;
  if (pulumi.Output.isInstance(value)) return promised(value).then(plain);
  if (Array.isArray(value)) return Promise.all(value.map(plain));
  if (typeof value !== "object" || value === null) return value;
  const record = value as Readonly<Record<string, unknown>>;
  if (record[SIGNATURE_KEY] === SECRET_SIGNATURE) return plain(record["value"]);
  const entries = await Promise.all(
    Object.entries(record).map(async ([key, item]) => [key, await plain(item)] as const),
  );
  return Object.fromEntries(entries);
}

/** An output's `promise` and `isKnown` exist, but are not declared. */
async function promised(output: pulumi.Output<unknown>): Promise<unknown> {
  const { isKnown } = output as unknown as { isKnown: Promise<boolean> };
  if (!(await isKnown)) return pulumi.unknown;
  return (output as unknown as { promise(withUnknowns: boolean): Promise<unknown> }).promise(true);
}
