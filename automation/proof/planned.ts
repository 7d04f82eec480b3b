/**
 * The resources that the stages would create, without an engine, credentials or network: runs the same programs under Pulumi's mock
 * monitor, with symbols for values that only AWS knows. They run in a Pulumi runtime of their own, separate from programs that
 * an engine runs in this process.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import * as pulumi from "@pulumi/pulumi";
import { getMonitor } from "@pulumi/pulumi/runtime/settings";
import * as state from "@pulumi/pulumi/runtime/state";
import type { DescribedResource } from "../../access/model";
import { Accounts } from "../../components/accounts";
import type { Settings } from "../../components/settings";
import { fold, stages } from "../../components/stages";
import { ExitCode, UserError } from "../model/errors";
import { usedRoles } from "../topologies";
import { symbolicCall, symbolicState } from "./symbols";

/** The part of the engine's request that is read here. */
interface Request {
  getName(): string;
  getType(): string;
  getStacktrace(): { toObject(): { framesList: { pc?: { uri: string; line: number } }[] } } | undefined;
}

/** The Automation API runs each inline program in this; undeclared (@pulumi/pulumi/automation/server). */
const { withLocalStorage } = state as unknown as {
  withLocalStorage: <T>(callback: () => Promise<T>) => Promise<T>;
};

/**
 * @param root folder to which places in the code are relative
 * @returns every AWS resource of the stages, in the order of their registration
 * @throws UserError (settings) if a stage's program refuses the settings; the signal's reason
 */
export function plannedResources(
  settings: Settings,
  root: string,
  signal?: AbortSignal,
): Promise<DescribedResource[]> {
  return withLocalStorage(() => inThisRuntime(settings, root, signal)).catch((error: unknown) => {
    throw pulumi.RunError.isInstance(error) ? new UserError(ExitCode.settings, error.message) : error;
  });
}

async function inThisRuntime(
  settings: Settings,
  root: string,
  signal: AbortSignal | undefined,
): Promise<DescribedResource[]> {
  const running = new AsyncLocalStorage<string>();
  const described: DescribedResource[] = [];
  const providers = new Map<string, { account: string; region: string }>();
  const places = new Map<string, string>();
  const actingIn = (provider: string | undefined) => {
    const { account, region } = providers.get(provider?.split("::")[3] ?? "") ?? { account: "", region: "" };
    return { account, region, partition: partitionOf(settings, account) };
  };

  await pulumi.runtime.setMocks(
    {
      newResource({ type, name, provider, ...args }) {
        const inputs = args.inputs as Readonly<Record<string, unknown>>;
        const stage = running.getStore() ?? "";
        if (type === "pulumi:providers:aws") {
          const { allowedAccountIds, region } = inputs as { allowedAccountIds?: string; region?: string };
          const [account = ""] = JSON.parse(allowedAccountIds ?? "[]") as string[];
          providers.set(name, { account, region: region ?? "" });
        }
        if (!type.startsWith("aws:")) return { id: name, state: inputs };
        const of = { stage, type, name, ...actingIn(provider) };
        const { id, outputs } = symbolicState({ ...of, inputs });
        const code = places.get(`${type} ${name}`);
        described.push({ ...of, id, outputs, ...(code === undefined ? {} : { code }) });
        return { id, state: outputs };
      },
      call: ({ token, provider, ...args }) =>
        symbolicCall({
          token,
          inputs: args.inputs as Readonly<Record<string, unknown>>,
          ...actingIn(provider),
          existingRoles: usedRoles(settings),
        }),
    },
    "feature-store-access",
    "proof",
    false,
  );
  notePlaces(places, root);

  const context = { settings, accounts: new Accounts(settings) };
  await known(fold(stages(settings), context, ({ name }, program) => running.run(name, program)));
  signal?.throwIfAborted();
  return described;
}

/** Resolves when all outputs are known and all resources registered. */
async function known(value: unknown): Promise<void> {
  const lift: (all: unknown) => pulumi.Output<unknown> = pulumi.output;
  const whole = lift(value) as unknown as { promise(): Promise<unknown> };
  await whole.promise();
  // Waits for registrations that no output depends on, and leaves the runtime without a monitor.
  await pulumi.runtime.disconnect();
}

/** Records the place in the code that makes each resource: only the monitor's requests have it, mocks do not. */
function notePlaces(places: Map<string, string>, root: string): void {
  const monitor = getMonitor() as unknown as { registerResource(request: Request, done: unknown): unknown };
  const register = monitor.registerResource.bind(monitor);
  monitor.registerResource = (request, done) => {
    const frames = request.getStacktrace()?.toObject().framesList ?? [];
    const own = frames.flatMap(({ pc }) => (pc ? [[inside(root, pc.uri), pc.line] as const] : []));
    // The component's line says more than that of the helper it calls.
    const place = own.find(([file]) => /^components\/.+\//.test(file)) ?? own[0];
    if (place) places.set(`${request.getType()} ${request.getName()}`, `${place[0]}:${place[1]}`);
    return register(request, done);
  };
}

function inside(root: string, uri: string): string {
  return uri.startsWith("file:") ? relative(root, fileURLToPath(uri)).replace(/\\/g, "/") : uri;
}

function partitionOf(settings: Settings, account: string): string {
  return Object.values(settings.accounts).find(({ id }) => id === account)?.partition ?? "aws";
}
