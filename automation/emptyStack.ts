/**
 * A stack without a state in a folder that nobody else uses, for the preview of a stage that was never deployed: `pulumi stack
 * init` would make the same, and take as long as half the preview does. Stacks that are kept are the CLI's to make.
 */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** @param folder of a `file://` backend that does not have the stack */
export async function writeEmptyStack(folder: string, project: string, stack: string): Promise<void> {
  const stacks = join(folder, ".pulumi", "stacks", project);
  await mkdir(stacks, { recursive: true });
  await writeFile(join(folder, ".pulumi", "meta.yaml"), "version: 1\n");
  const checkpoint = { stack: `organization/${project}/${stack}` };
  await writeFile(join(stacks, `${stack}.json`), JSON.stringify({ version: 3, checkpoint }));
}
