/**
 * Opens one stage's stack in a workspace folder outside the project, because inline programs overwrite the Pulumi.yaml of
 * the folder that they run in (pulumi/pulumi#6632).
 */
import { pathToFileURL } from "node:url";
import {
  LocalWorkspace,
  StackNotFoundError,
  Stack,
  type Deployment,
  type PulumiCommand,
} from "@pulumi/pulumi/automation";
import { keepConnectionsApart } from "./engineChannels";
import { commandMessage, explain, isEngineFailure } from "./engineFailures";
import { CliFailed, runCli } from "./pulumiCli";
import { writeEmptyStack } from "./emptyStack";
import { StageFailed } from "../model/errors";
import { stackName, type Environment } from "../environment/project";
import { backendUrl, hasStack, stateFolder } from "./stateFiles";
import { repairTornState } from "./tornState";
import { inTemporaryFolder } from "../environment/files";

export interface StackOpener {
  /** The stack if it exists in the backend. */
  select(): Promise<Stack | undefined>;
  /** The stack, created if there is none. */
  ensure(): Promise<Stack>;
  /** A stack of that name in an empty backend, removed with the workspace: to preview a stage that is not deployed. */
  scratch(): Promise<Stack>;
  /** The stack's state with decrypted secrets, without opening the stack; undefined if there is none. */
  exported(): Promise<Deployment | undefined>;
}

/**
 * Opens a workspace for the stage's stack, runs `work`, and removes the workspace.
 * @param repaired receives notices of a torn state's repair
 * @throws StageFailed
 */
export async function inWorkspace<T>(
  environment: Environment,
  command: PulumiCommand,
  stage: string,
  work: (stacks: StackOpener) => Promise<T>,
  repaired: (line: string) => void,
): Promise<T> {
  keepConnectionsApart();
  const stack = stackName(environment.name, stage);
  for (const line of await repairTornState(environment, stack)) repaired(line);
  try {
    return await inTemporaryFolder((folder) => work(openerOf(environment, command, stack, folder)));
  } catch (error) {
    if (!isEngineFailure(error)) throw error;
    const message = commandMessage(error);
    const { exitCode, advice } = explain([message]);
    throw new StageFailed(stage, "opening its stack", [message], exitCode, advice);
  }
}

function openerOf(
  environment: Environment,
  command: PulumiCommand,
  name: string,
  workDir: string,
): StackOpener {
  const inline = {
    stackName: name,
    projectName: environment.project.name,
    // Each operation gets its own program: a preview and an update are wired differently.
    program: () => Promise.resolve({}),
  };
  const { secretsProvider } = environment.stackSettings;
  const options = {
    workDir,
    pulumiCommand: command,
    projectSettings: environment.project,
    stackSettings: { [name]: environment.stackSettings },
    ...(secretsProvider ? { secretsProvider } : {}),
  };
  const folder = stateFolder(backendUrl(environment.project));
  /** Undefined if only the CLI can tell. */
  const exists = async () =>
    folder === undefined ? undefined : hasStack(folder, environment.project.name, name);
  /** Opens a stack that is known to exist, without `pulumi stack select`: each command passes its name anyway. */
  const openExisting = (workspace: LocalWorkspace) => {
    workspace.selectStack = () => Promise.resolve();
    return Stack.select(name, workspace);
  };
  const opened = async () =>
    openExisting(await LocalWorkspace.create({ ...options, program: inline.program }));
  return {
    async ensure() {
      const known = await exists();
      if (known === true) return opened();
      if (known === undefined) return LocalWorkspace.createOrSelectStack(inline, options);
      if (secretsProvider || folder === undefined) return LocalWorkspace.createStack(inline, options);
      await writeEmptyStack(folder, environment.project.name, name);
      return opened();
    },
    async select() {
      const known = await exists();
      if (known === true) return opened();
      if (known === false) return undefined;
      try {
        return await LocalWorkspace.selectStack(inline, options);
      } catch (error) {
        if (error instanceof StackNotFoundError) return undefined;
        throw error;
      }
    },
    async scratch() {
      const project = { name: environment.project.name, runtime: "nodejs" } as const;
      await writeEmptyStack(workDir, project.name, name);
      const workspace = await LocalWorkspace.create({
        workDir,
        pulumiCommand: command,
        projectSettings: project,
        stackSettings: { [name]: {} },
        program: inline.program,
        envVars: { PULUMI_BACKEND_URL: pathToFileURL(workDir).href, PULUMI_CONFIG_PASSPHRASE: "preview" },
      });
      return openExisting(workspace);
    },
    async exported() {
      await LocalWorkspace.create(options);
      const args = ["stack", "export", "--show-secrets", "--stack", name, "--non-interactive"];
      try {
        return JSON.parse(await runCli(command.command, args, workDir)) as Deployment;
      } catch (error) {
        if (error instanceof CliFailed && /no stack named/.test(error.message)) return undefined;
        throw error;
      }
    },
  };
}
